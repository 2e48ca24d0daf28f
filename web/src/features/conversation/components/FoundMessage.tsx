// SPDX-License-Identifier: AGPL-3.0-or-later
import { Paperclip } from "lucide-react";

import { nameFor } from "@/features/conversation/components/MessageRow";
import { useHere } from "@/features/conversation/hooks";
import { strings } from "@/features/conversation/strings";
import { fullTime } from "@/features/conversation/times";
import type { Message } from "@/lib/message";
import { relative } from "@/lib/time";
import { Avatar } from "@/ui/Avatar";

/** A message away from its place, and the way there. */
export function FoundMessage({ message, onGo }: { message: Message; onGo?: () => void }) {
  const { goTo } = useHere();
  const { sender, senderName, senderAvatar, ts, thread } = message;
  const person = { userId: sender, displayName: senderName ?? "", avatarUrl: senderAvatar };
  return (
    <li>
      <button type="button" className="found" title={strings.goTo} onClick={onGo ?? (() => goTo(message.eventId))}>
        <Avatar person={person} size={32} />
        <span className="grid min-w-0 gap-0.5">
          <span className="flex items-baseline gap-2">
            <bdi className="truncate font-semibold">{nameFor(message)}</bdi>
            <time className="shrink-0 text-xs text-quiet" title={fullTime(ts)} dateTime={new Date(ts).toISOString()}>
              {relative(new Date(ts).toISOString())}
            </time>
          </span>
          <bdi className="line-clamp-3 text-sm wrap-anywhere">{message.deleted ? strings.deleted : message.body}</bdi>
          {message.attachment && (
            <span className="flex items-center gap-1 text-xs text-quiet">
              <Paperclip aria-hidden="true" className="size-3.5" />
              <bdi className="truncate">{message.attachment.name}</bdi>
            </span>
          )}
          {thread && <span className="text-xs font-semibold text-accent">{strings.replies(thread.count)}</span>}
        </span>
      </button>
    </li>
  );
}
