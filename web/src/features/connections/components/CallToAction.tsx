// SPDX-License-Identifier: AGPL-3.0-or-later
import { Link } from "@tanstack/react-router";
import { Check, UserRoundPlus, UsersRound } from "lucide-react";
import { useState } from "react";

import { useLeaving, usePeopleActions } from "@/features/connections/actions";
import { MessageButton } from "@/features/connections/components/MessageButton";
import { AskDialog, EditNoteDialog } from "@/features/connections/components/NoteDialogs";
import { strings } from "@/features/connections/strings";
import { addressOf, nameOf } from "@/lib/person";
import { useMe } from "@/lib/session";
import type { Relationship } from "@/lib/types";
import { Button } from "@/ui/Button";

interface Props {
  relationship: Relationship;
  /** What one asks them for, when it is not friendship alone: what the button says, and how the note begins. */
  about?: { label: string; note: string };
}

/** The one thing to do next about a person, by how one stands to them (F4). */
export function CallToAction({ relationship, about }: Props) {
  const { home } = useMe();
  const [open, setOpen] = useState<"ask" | "edit" | null>(null);
  const leaving = useLeaving((state) => state.ids);
  const { accept, decline, cancel, remind, tie } = usePeopleActions();
  const { person, request } = relationship;
  const waiting = request && { ...request, person };
  const state = request && leaving.has(request.id) ? "none" : relationship.state;
  const close = () => setOpen(null);
  if (state === "self") {
    return (
      <Link to="/settings/profile" className="btn-secondary">
        {strings.editOwn}
      </Link>
    );
  }
  if (state === "blocked") {
    return (
      <Button onPress={() => tie.mutate({ person, name: "block", on: false })}>
        {strings.unblock}
      </Button>
    );
  }
  if (state === "friends") {
    return (
      <>
        <span className="tag px-3 py-1.5 text-sm text-good">
          <UsersRound aria-hidden="true" className="size-4" /> {strings.friends}
        </span>
        <MessageButton person={person} />
      </>
    );
  }
  if (state === "request_received" && waiting) {
    return (
      <>
        <Button look="primary" busy={accept.isPending} onPress={() => accept.mutate(waiting)}>
          <Check aria-hidden="true" className="size-4.5" /> {strings.accept}
        </Button>
        <Button onPress={() => decline(waiting)}>{strings.decline}</Button>
      </>
    );
  }
  if (state === "request_sent" && waiting) {
    return (
      <>
        <Button onPress={() => cancel(waiting)}>{strings.cancel}</Button>
        <Button look="outline" onPress={() => setOpen("edit")}>
          {strings.edit}
        </Button>
        <Button look="outline" onPress={() => remind.mutate(waiting)}>
          {strings.remind}
        </Button>
        <EditNoteDialog request={open === "edit" ? waiting : null} onClose={close} />
      </>
    );
  }
  const whom = { address: addressOf(person.userId, home), name: nameOf(person) };
  return (
    <>
      <Button look="primary" onPress={() => setOpen("ask")}>
        <UserRoundPlus aria-hidden="true" className="size-4.5" /> {about?.label ?? strings.add}
      </Button>
      <AskDialog person={whom} begin={about?.note} open={open === "ask"} onClose={close} />
    </>
  );
}
