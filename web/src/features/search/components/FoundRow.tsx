// SPDX-License-Identifier: AGPL-3.0-or-later
import { Link } from "@tanstack/react-router";
import { Paperclip } from "lucide-react";

import { excerpt } from "@/features/search/model";
import { strings } from "@/features/search/strings";
import type { Message } from "@/lib/message";
import { nameOf } from "@/lib/person";
import { relative } from "@/lib/time";
import type { FoundRoom } from "@/lib/types";
import { Avatar } from "@/ui/Avatar";

interface Props {
  message: Message;
  room: FoundRoom | undefined;
  words: readonly string[];
}

/** A message that was found, and the way to it. */
export function FoundRow({ message, room, words }: Props) {
  const { sender, senderName, senderAvatar, ts, attachment } = message;
  const person = { userId: sender, displayName: senderName ?? "", avatarUrl: senderAvatar };
  const time = new Date(ts).toISOString();
  const title = room?.name ?? strings.unnamed;
  return (
    <li>
      <Link {...wayTo(message, room)} className="glass-card flex gap-3 p-3">
        <Avatar person={person} size={40} />
        <span className="grid min-w-0 grow gap-0.5">
          <span className="flex flex-wrap items-baseline gap-x-2">
            <bdi className="truncate font-semibold">{nameOf(person)}</bdi>
            <span className="truncate text-sm text-quiet">
              <bdi>{title}</bdi> · <time dateTime={time}>{relative(time)}</time>
            </span>
          </span>
          <bdi className="text-sm wrap-anywhere">
            {excerpt(message.body, words).map(({ text, hit, at }) =>
              hit ? (
                <mark key={at} className="bg-transparent font-bold text-accent">
                  {text}
                </mark>
              ) : (
                text
              ),
            )}
          </bdi>
          {attachment && (
            <span className="flex items-center gap-1 text-xs text-quiet">
              <Paperclip aria-hidden="true" className="size-3.5 shrink-0" />
              <bdi className="truncate">{attachment.name}</bdi>
            </span>
          )}
        </span>
      </Link>
    </li>
  );
}

/** Where a message stands; a reply in a thread beside its room. */
function wayTo({ eventId, roomId, threadRoot }: Message, room: FoundRoom | undefined) {
  const search = threadRoot ? { event: threadRoot, thread: threadRoot } : { event: eventId };
  if (room?.kind === "dm") {
    return { to: "/messages/$conversation", params: { conversation: room.id }, search } as const;
  }
  return { to: "/lounge/$forum", params: { forum: room?.slug ?? room?.id ?? roomId }, search } as const;
}
