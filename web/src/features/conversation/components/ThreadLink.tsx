// SPDX-License-Identifier: AGPL-3.0-or-later
import { MessagesSquare } from "lucide-react";

import { useHere } from "@/features/conversation/hooks";
import { strings } from "@/features/conversation/strings";
import type { Message } from "@/lib/message";
import { relative } from "@/lib/time";

/** The way into the thread under a message. */
export function ThreadLink({ message }: { message: Message }) {
  const { openThread } = useHere();
  const { thread } = message;
  if (!thread?.count) return null;
  return (
    <button type="button" className="thread-link" onClick={() => openThread(message.eventId)}>
      <MessagesSquare aria-hidden="true" className="size-4 text-accent" />
      <span className="font-semibold text-accent">{strings.replies(thread.count)}</span>
      {thread.latestTs !== null && (
        <span className="text-quiet">{strings.repliesLatest(relative(new Date(thread.latestTs).toISOString()))}</span>
      )}
    </button>
  );
}
