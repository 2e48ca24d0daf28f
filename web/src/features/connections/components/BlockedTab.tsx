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
  { tie: "blocks", name: "block", title: "Blocked", undo: strings.unblock, text: "Cannot reach you in any way, and do not know." },
  { tie: "mutes", name: "mute", title: "Muted", undo: strings.unmute, text: "May write; you are just not told." },
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

function Ties({ tie: which, name, title, undo, text }: (typeof KINDS)[number]) {
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
            <Notice icon={Leaf} title={`Nobody is ${title.toLowerCase()}`} text="Long may it last." />
          </div>
        }
      >
        {(person) => (
          <PersonRow key={person.userId} person={person} detail={`${title} ${relative(person.since)}`}>
            <Button
              small
              aria-label={`${undo}: ${nameOf(person)}`}
              onPress={() => tie.mutate({ person, name, on: false })}
            >
              {undo}
            </Button>
          </PersonRow>
        )}
      </Paged>
    </section>
  );
}
