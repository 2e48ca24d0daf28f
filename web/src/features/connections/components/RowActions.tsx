// SPDX-License-Identifier: AGPL-3.0-or-later
import { UserRoundPlus } from "lucide-react";
import { useState } from "react";

import { MessageButton } from "@/features/connections/components/MessageButton";
import { AskDialog } from "@/features/connections/components/NoteDialogs";
import { strings } from "@/features/connections/strings";
import { addressOf, nameOf } from "@/lib/person";
import { useMe } from "@/lib/session";
import type { Person, Relationship } from "@/lib/types";
import { Button } from "@/ui/Button";
import { strings as ui } from "@/ui/strings";

interface Props {
  person: Person & { friendshipStatus: Relationship["state"] };
}

/** The one thing to do next about somebody in a list. */
export function RowActions({ person }: Props) {
  const { home } = useMe();
  const [open, setOpen] = useState(false);
  const state = person.friendshipStatus;
  if (state === "self") return <span className="tag">{ui.you}</span>;
  if (state === "friends") return <MessageButton person={person} small />;
  if (state === "request_sent") return <span className="tag">{strings.waiting}</span>;
  if (state === "request_received") return <span className="tag">{strings.asked}</span>;
  const whom = { address: addressOf(person.userId, home), name: nameOf(person) };
  return (
    <>
      <Button small look="primary" aria-label={`${strings.add}: ${whom.name}`} onPress={() => setOpen(true)}>
        <UserRoundPlus aria-hidden="true" className="size-4" /> {strings.addShort}
      </Button>
      <AskDialog person={whom} open={open} onClose={() => setOpen(false)} />
    </>
  );
}
