// SPDX-License-Identifier: AGPL-3.0-or-later
// What comes over the connection, as far as the app uses it (camelCase; `GET /api/frames.json` has
// it all), and what may be said.
import type { Message } from "@/lib/message";

interface InRoom {
  roomId: string;
  position: number | null;
  eventId: string;
  sender: string;
  ts: number;
}

export type RoomFrame =
  | (InRoom & { event: "message:new"; message: Message; threadRoot?: string | null })
  | (InRoom & { event: "message:edited"; target: string; message: Message })
  | (InRoom & { event: "message:redacted"; target: string; reason: string | null })
  | (InRoom & { event: "reaction:added"; target: string; key: string })
  | (InRoom & { event: "reaction:removed"; target: string; message?: string | null; key?: string | null })
  | (InRoom & {
      event: "member:changed";
      userId: string;
      membership: string;
      displayName: string | null;
      avatarUrl: string | null;
      reason: string | null;
    })
  | (InRoom & { event: "room:changed"; type: string; stateKey: string; content: Record<string, unknown> })
  | (InRoom & { event: "event:new"; type: string });

export interface RoomCount {
  roomId: string;
  id: string;
  unread: number;
  mentions: number;
  readEventId: string | null;
  muted: boolean;
  position?: number | null;
}

export interface Total {
  unreadRooms: number;
  mentions: number;
}

export type Frame =
  | RoomFrame
  | { event: "typing"; roomId: string; userId: string; typing: boolean }
  | { event: "receipt"; roomId: string; userId: string; eventId: string; threadId: string | null; ts: number | null }
  | { event: "presence"; userId: string; presence: "online" | "unavailable" | "offline"; lastActiveAgo: number | null }
  | {
      event: "friend_request:created" | "friend_request:updated" | "friend:added" | "friend:removed";
      userId: string;
      pending: Record<string, number> | null;
    }
  | { event: "ready"; userId: string }
  | {
      event: "subscribed";
      roomId: string;
      id: string;
      position: number | null;
      typing: string[];
      online: string[];
      re: string | null;
    }
  | { event: "unsubscribed"; roomId: string; re: string | null }
  | { event: "resync"; roomId: string; position: number | null }
  | { event: "message:sent"; re: string | null; txnId: string; eventId: string; roomId: string }
  | { event: "unread:snapshot"; seq: number; rooms: RoomCount[]; total: Total; re?: string | null }
  | ({ event: "unread:changed"; seq: number; total: Total } & RoomCount)
  | { event: "pong"; re: string | null }
  | { event: "done"; re: string }
  | { event: "error"; code: string; message: string; details: Record<string, unknown>; re: string | null };

export type Command =
  | { type: "ping" }
  | { type: "subscribe"; room: string; resumeFrom?: number }
  | { type: "unsubscribe"; room: string }
  | { type: "typing"; room: string; typing: boolean }
  | { type: "read"; room: string; eventId: string; private?: boolean }
  | { type: "unread" }
  | { type: "send"; room: string; txnId: string; message: Record<string, unknown> };

/** The room a frame is about. */
export const roomOf = (frame: Frame): string | null => ("roomId" in frame ? frame.roomId : null);
