// SPDX-License-Identifier: AGPL-3.0-or-later
// What has been read: told to the server when the newest message is in view of somebody.
import { useEffect, useState } from "react";

import { type Room, roomPath } from "@/features/conversation/api";
import { useAttention, useView } from "@/features/conversation/hooks";
import type { Conversation } from "@/features/conversation/model/conversation";
import { call } from "@/lib/api";
import { useUnread } from "@/lib/live/unread";
import { logError } from "@/lib/report";

/** Milliseconds the newest message must have been in view. */
const GLANCE = 400;
/** Milliseconds after which it is told again when it did not arrive. */
const LATER = 15_000;

/** Up to where a room was read when it was opened. */
export function useMark(room: Room): string | null {
  // The counts are live; the room's details may be as old as the last visit.
  const [mark] = useState(() => useUnread.getState().rooms[room.roomId]?.readEventId ?? room.readEventId);
  return mark;
}

/** Mark a room as read while its end is looked at. */
export function useReading(room: Room, conversation: Conversation, mark: string | null, atEnd: boolean): void {
  const [told, setTold] = useState(mark);
  const newest = useView(conversation, (view) =>
    view.timeline.after === null ? (view.timeline.items.at(-1)?.eventId ?? null) : null,
  );
  const looking = useAttention() && atEnd && room.membership === "join";
  useEffect(() => conversation.lookedAt(looking, !atEnd), [conversation, looking, atEnd]);
  useEffect(() => {
    if (!looking || newest === null || newest === told) return undefined;
    const glance = setTimeout(() => {
      setTold(newest);
      call("POST", `${roomPath(room.roomId)}/read`, { body: { eventId: newest } }).catch((error: unknown) => {
        logError("read", error);
        setTimeout(() => setTold(null), LATER);
      });
    }, GLANCE);
    return () => clearTimeout(glance);
  }, [looking, newest, told, room.roomId]);
}
