// SPDX-License-Identifier: AGPL-3.0-or-later
// Who has read a message, or how who felt about it.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Eye } from "lucide-react";

import { reactorsQuery } from "@/features/conversation/api";
import { useHere } from "@/features/conversation/hooks";
import { useReaders } from "@/features/conversation/readers";
import { strings } from "@/features/conversation/strings";
import type { Message } from "@/lib/message";
import { nameOf } from "@/lib/person";
import { Avatar } from "@/ui/Avatar";
import { Dialog } from "@/ui/Dialog";
import { Failure, Notice, SkeletonRows } from "@/ui/States";

interface Props {
  message: Message;
  what: "readers" | "reactors";
  onClose: () => void;
}

export function WhoDialog({ message, what, onClose }: Props) {
  return (
    <Dialog title={what === "readers" ? strings.whoRead : strings.whoReacted} open onClose={onClose}>
      {what === "readers" ? <Readers message={message} /> : <Reactors message={message} />}
    </Dialog>
  );
}

function Readers({ message }: { message: Message }) {
  const readers = useReaders(message.eventId);
  const [title, text] = strings.nobodyRead;
  if (!readers.length) return <Notice icon={Eye} title={title} text={text} />;
  return (
    <ul className="grid gap-2">
      {readers.map((person) => (
        <li key={person.userId} className="flex items-center gap-3">
          <Avatar person={person} size={32} />
          <bdi className="truncate font-semibold">{nameOf(person)}</bdi>
        </li>
      ))}
    </ul>
  );
}

function Reactors({ message }: { message: Message }) {
  const { room, names } = useHere();
  const query = useInfiniteQuery(reactorsQuery(room.roomId, message.eventId));
  if (query.isPending) return <SkeletonRows count={3} label={strings.whoReacted} />;
  if (query.isError) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  const people = query.data.pages.flatMap((page) => page.items);
  return (
    <ul className="grid gap-2">
      {people.map((one) => (
        <li key={one.eventId} className="flex items-center gap-3">
          <span aria-hidden="true" className="text-xl">{one.key}</span>
          <bdi className="truncate font-semibold">
            {one.name ?? names.get(one.userId) ?? nameOf({ userId: one.userId, displayName: "" })}
          </bdi>
          <span className="sr-only">{one.key}</span>
        </li>
      ))}
    </ul>
  );
}
