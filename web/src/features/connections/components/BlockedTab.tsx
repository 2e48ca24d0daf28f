// SPDX-License-Identifier: AGPL-3.0-or-later
import { useInfiniteQuery } from "@tanstack/react-query";
import { Leaf } from "lucide-react";

import { usePeopleActions } from "@/features/connections/actions";
import { tiesQuery } from "@/features/connections/api";
import { Paged } from "@/ui/Paged";
import { PersonRow } from "@/ui/PersonRow";
import { strings } from "@/features/connections/strings";
import { nameOf } from "@/lib/person";
import { relative } from "@/lib/time";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/States";

const KINDS = [
  { tie: "blocks", name: "block", undo: "unblock" },
  { tie: "mutes", name: "mute", undo: "unmute" },
] as const;

/** Whom one does not want to hear, in the two degrees. */
export function BlockedTab() {
  return (
    <div className="grid gap-8">
      {KINDS.map((kind) => (
        <Ties key={kind.tie} {...kind} />
      ))}
    </div>
  );
}

function Ties({ tie: which, name, undo }: (typeof KINDS)[number]) {
  const { title, text, none, since } = strings.ties[which];
  const query = useInfiniteQuery(tiesQuery(which));
  const { tie } = usePeopleActions();
  return (
    <section aria-labelledby={`${which}-title`}>
      <h2 id={`${which}-title`} className="text-lg font-bold">
        {title}
      </h2>
      <p className="mb-3 text-sm text-quiet">{text}</p>
      <Paged
        query={query}
        items={(page) => page.people}
        label={title}
        empty={
          <div className="glass-subtle">
            <Notice icon={Leaf} title={none} text={strings.longMayItLast} />
          </div>
        }
      >
        {(person) => (
          <PersonRow key={person.userId} person={person} detail={since(relative(person.since))}>
            <Button
              small
              aria-label={`${strings[undo]}: ${nameOf(person)}`}
              onPress={() => tie.mutate({ person, name, on: false })}
            >
              {strings[undo]}
            </Button>
          </PersonRow>
        )}
      </Paged>
    </section>
  );
}
