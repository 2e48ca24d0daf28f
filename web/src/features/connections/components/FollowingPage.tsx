// SPDX-License-Identifier: AGPL-3.0-or-later
import { useInfiniteQuery } from "@tanstack/react-query";
import { Telescope } from "lucide-react";

import { usePeopleActions } from "@/features/connections/actions";
import { tiesQuery } from "@/features/connections/api";
import { Paged } from "@/ui/Paged";
import { PersonRow } from "@/ui/PersonRow";
import { strings } from "@/features/connections/strings";
import { nameOf } from "@/lib/person";
import { Button } from "@/ui/Button";
import { PageHeading } from "@/ui/PageHeading";
import { Notice } from "@/ui/States";

/** Whom one follows, and who follows one. */
export function FollowingPage() {
  const following = useInfiniteQuery(tiesQuery("following"));
  const followers = useInfiniteQuery(tiesQuery("followers"));
  const { tie } = usePeopleActions();
  return (
    <>
      <PageHeading title={strings.following} />
      <div className="grid gap-8">
        <section aria-labelledby="following-title">
          <h2 id="following-title" className="mb-3 text-lg font-bold">
            {strings.youFollow}
          </h2>
          <Paged
            query={following}
            items={(page) => page.people}
            label={strings.youFollow}
            empty={<Nobody title={strings.youFollowNobody} />}
          >
            {(person) => (
              <PersonRow key={person.userId} person={person}>
                <Button
                  small
                  aria-label={`${strings.unfollow}: ${nameOf(person)}`}
                  onPress={() => tie.mutate({ person, name: "follow", on: false })}
                >
                  {strings.unfollow}
                </Button>
              </PersonRow>
            )}
          </Paged>
        </section>
        <section aria-labelledby="followers-title">
          <h2 id="followers-title" className="mb-3 text-lg font-bold">
            {strings.theyFollow}
          </h2>
          <Paged
            query={followers}
            items={(page) => page.people}
            label={strings.theyFollow}
            empty={<Nobody title={strings.nobodyFollows} />}
          >
            {(person) => <PersonRow key={person.userId} person={person} />}
          </Paged>
        </section>
      </div>
    </>
  );
}

function Nobody({ title }: { title: string }) {
  return (
    <div className="glass-subtle">
      <Notice icon={Telescope} title={title} text={strings.followHow} />
    </div>
  );
}
