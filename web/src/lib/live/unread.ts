// SPDX-License-Identifier: AGPL-3.0-or-later
// What is unread, as the server says it: absolute numbers, in order. Nobody else counts.
import { create } from "zustand";

import type { Frame, RoomCount, Total } from "@/lib/live/frames";

interface Unread {
  /** Whether the server has said anything yet. */
  known: boolean;
  seq: number;
  rooms: Readonly<Record<string, RoomCount>>;
  total: Total;
}

const NOTHING: Unread = { known: false, seq: 0, rooms: {}, total: { unreadRooms: 0, mentions: 0 } };

export const useUnread = create<Unread>(() => NOTHING);

/** Take what came; gives whether one is missing, so that all has to be asked for anew. */
export function takeUnread(frame: Frame): boolean {
  if (frame.event === "unread:snapshot") {
    const rooms = Object.fromEntries(frame.rooms.map((room) => [room.roomId, room]));
    useUnread.setState({ known: true, seq: frame.seq, rooms, total: frame.total });
  } else if (frame.event === "unread:changed") {
    const { known, seq, rooms } = useUnread.getState();
    if (!known || frame.seq !== seq + 1) return frame.seq > seq || !known;
    const { event: _, seq: next, total, ...room } = frame;
    useUnread.setState({ seq: next, total, rooms: { ...rooms, [room.roomId]: room } });
  }
  return false;
}

export const forgetUnread = (): void => useUnread.setState(NOTHING, true);

/** One room's numbers. */
export const useRoomUnread = (roomId: string): RoomCount | undefined =>
  useUnread((state) => state.rooms[roomId]);
