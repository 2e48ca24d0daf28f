// SPDX-License-Identifier: AGPL-3.0-or-later
// What tests say in a room.
import type { RoomFrame } from "@/lib/live/frames";
import type { Message, SystemRow } from "@/lib/message";

export const messageOf = (eventId: string, more: Partial<Message> = {}): Message => ({
  eventId,
  roomId: "!room",
  position: null,
  sender: "@ann:hs.test",
  senderName: "Ann",
  senderAvatar: null,
  ts: more.position ?? 0,
  kind: "text",
  body: `${eventId} says`,
  formattedBody: null,
  attachment: null,
  txnId: null,
  mentions: { users: [], room: false },
  replyTo: null,
  threadRoot: null,
  editedAt: null,
  deleted: false,
  thread: null,
  reactions: [],
  pinned: false,
  ...more,
});

export const systemOf = (eventId: string, more: Partial<SystemRow> = {}): SystemRow => ({
  row: "system",
  eventId,
  position: null,
  ts: more.position ?? 0,
  sender: "@ann:hs.test",
  senderName: "Ann",
  what: "joined",
  subject: null,
  subjectName: null,
  text: null,
  ...more,
});

export const newFrame = (eventId: string, position: number | null, more: Partial<Message> = {}): RoomFrame => {
  const message = messageOf(eventId, { position: null, ts: position ?? 0, ...more });
  const { sender, ts, threadRoot } = message;
  return {
    v: 1,
    event: "message:new",
    roomId: "!room",
    eventId,
    position,
    sender,
    ts,
    type: "m.room.message",
    content: {},
    encrypted: false,
    threadRoot,
    replyTo: message.replyTo?.eventId ?? null,
    message,
  };
};
