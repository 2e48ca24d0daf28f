// SPDX-License-Identifier: AGPL-3.0-or-later
// A message as history and frames bring it: one shape for both.

export interface Attachment {
  name: string;
  mimeType: string | null;
  size: number | null;
  width: number | null;
  height: number | null;
  blurhash: string | null;
  durationMs: number | null;
  url: string;
  thumbnailUrl: string | null;
}

export interface Reactor {
  userId: string;
  name: string | null;
  eventId: string;
}

export interface Reaction {
  key: string;
  count: number;
  /** The reaction of whoever looks, if they gave it. */
  mine: string | null;
  people: Reactor[];
}

export interface ThreadSummary {
  count: number;
  latestTs: number | null;
  latestSender: string | null;
  participated: boolean;
}

export type Kind =
  | "text" | "emote" | "notice" | "image" | "file" | "audio" | "video"
  | "sticker" | "poll" | "location" | "encrypted" | "other";

export interface Message {
  row?: "message";
  eventId: string;
  roomId: string;
  position: number | null;
  sender: string;
  senderName: string | null;
  senderAvatar: string | null;
  /** Milliseconds since 1970, by the sender's server. */
  ts: number;
  kind: Kind;
  body: string;
  /** As sent; untrusted. */
  formattedBody: string | null;
  attachment: Attachment | null;
  txnId: string | null;
  mentions: { users: string[]; room: boolean };
  replyTo: { eventId: string; sender: string | null; senderName: string | null; body: string | null } | null;
  threadRoot: string | null;
  editedAt: number | null;
  deleted: boolean;
  thread: ThreadSummary | null;
  reactions: Reaction[];
  pinned: boolean;
}

export interface SystemRow {
  row: "system";
  eventId: string;
  position: number | null;
  ts: number;
  sender: string;
  senderName: string | null;
  what:
    | "joined" | "left" | "invited" | "removed" | "banned" | "renamed"
    | "topic" | "pinned" | "encrypted" | "created" | "other";
  subject: string | null;
  subjectName: string | null;
  text: string | null;
}

export type Item = Message | SystemRow;

export const isSystem = (item: Item): item is SystemRow => item.row === "system";
