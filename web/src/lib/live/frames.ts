// SPDX-License-Identifier: AGPL-3.0-or-later
// What comes over the connection, as far as the app uses it (camelCase; `GET /api/frames.json` has
// describes it), and what may be said.
import type { Camel } from "@/lib/case";
import type { components } from "@/lib/schema";

type Schemas = components["schemas"];
type Of<Name extends keyof Schemas> = Camel<Schemas[Name]>;

export type RoomFrame =
  | Of<"MessageNew">
  | Of<"MessageEdited">
  | Of<"MessageRedacted">
  | Of<"ReactionAdded">
  | Of<"ReactionRemoved">
  | Of<"MemberChanged">
  | Of<"RoomChanged">
  | Of<"EventNew">;

export type RoomCount = Of<"RoomCounts">;
export type Total = Of<"TotalModel">;

export type Frame =
  | RoomFrame
  | Of<"Typing">
  | Of<"Receipt">
  | Of<"Presence">
  | Of<"Friends">
  | Of<"Ready">
  | Of<"Subscribed">
  | Of<"Unsubscribed">
  | Of<"Resync">
  | Of<"Pong">
  | Of<"Done">
  | { event: "error"; code: string; message: string; details: Record<string, unknown>; re: string | null }
  | Of<"MessageSent">
  | Of<"UnreadSnapshot">
  | Of<"UnreadChanged">;

export type Command =
  | { type: "ping" }
  | { type: "subscribe"; room: string; resumeFrom?: number }
  | { type: "unsubscribe"; room: string }
  | { type: "typing"; room: string; typing: boolean }
  | { type: "read"; room: string; eventId: string; private?: boolean }
  | { type: "unread" }
  | { type: "send"; room: string; txnId: string; message: Record<string, unknown> };

/**
 * Where in its room's order a frame stands; null for what has no place there.
 *
 * One's own membership is also told outside of the room, ahead of what the room has yet to say: it
 * says nothing of how far the room was heard. Without `me` that may be anybody's.
 */
export const placeOf = (frame: Frame, me: string | null): number | null => {
  if (frame.event === "member:changed" && (me === null || frame.userId === me)) return null;
  return "eventId" in frame && "position" in frame ? frame.position : null;
};

/** The room a frame is about. */
export const roomOf = (frame: Frame): string | null => ("roomId" in frame ? frame.roomId : null);
