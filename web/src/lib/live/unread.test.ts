// SPDX-License-Identifier: AGPL-3.0-or-later
import { beforeEach, expect, it } from "vitest";

import type { Frame, RoomCount } from "@/lib/live/frames";
import { forgetUnread, takeUnread, useUnread } from "@/lib/live/unread";

const countOf = (roomId: string, unread: number, mentions = 0): RoomCount => ({
  roomId,
  id: roomId,
  unread,
  mentions,
  readEventId: null,
  position: null,
  muted: false,
});
const snapshot = (seq: number, ...rooms: RoomCount[]): Frame => ({
  v: 1,
  event: "unread:snapshot",
  re: null,
  seq,
  rooms,
  total: { unreadRooms: rooms.length, mentions: 0 },
});
const changed = (seq: number, room: RoomCount): Frame => ({
  v: 1,
  event: "unread:changed",
  seq,
  ...room,
  total: { unreadRooms: 9, mentions: room.mentions },
});
const unreadIn = (roomId: string) => useUnread.getState().rooms[roomId]?.unread;

beforeEach(() => forgetUnread());

it("takes all at once, and what was before is gone", () => {
  expect(takeUnread(snapshot(1, countOf("!a", 2), countOf("!b", 1)))).toBe(false);
  expect(takeUnread(snapshot(1, countOf("!a", 3)))).toBe(false);
  expect(useUnread.getState()).toMatchObject({ known: true, seq: 1, total: { unreadRooms: 1 } });
  expect([unreadIn("!a"), unreadIn("!b")]).toEqual([3, undefined]);
});

it("takes the changes in their order, as absolute numbers", () => {
  takeUnread(snapshot(1, countOf("!a", 2)));
  expect(takeUnread(changed(2, countOf("!a", 3, 1)))).toBe(false);
  expect(takeUnread(changed(3, countOf("!b", 1)))).toBe(false);
  expect([unreadIn("!a"), unreadIn("!b")]).toEqual([3, 1]);
  expect(useUnread.getState()).toMatchObject({ seq: 3, total: { unreadRooms: 9 } });
  expect(Object.keys(useUnread.getState().rooms["!a"] ?? {})).not.toContain("total");
});

it("asks for all anew when one is missing, and keeps what it knew", () => {
  takeUnread(snapshot(1, countOf("!a", 2)));
  expect(takeUnread(changed(3, countOf("!a", 9)))).toBe(true);
  expect(unreadIn("!a")).toBe(2);
});

it("leaves out what it has heard already", () => {
  takeUnread(snapshot(5, countOf("!a", 2)));
  expect(takeUnread(changed(5, countOf("!a", 1)))).toBe(false);
  expect(takeUnread(changed(4, countOf("!a", 1)))).toBe(false);
  expect(unreadIn("!a")).toBe(2);
});

it("asks for all when it knows nothing yet", () => {
  expect(takeUnread(changed(1, countOf("!a", 1)))).toBe(true);
  expect(unreadIn("!a")).toBeUndefined();
});

it("leaves other frames alone", () => {
  expect(takeUnread({ v: 1, event: "pong" } as Frame)).toBe(false);
  expect(useUnread.getState().known).toBe(false);
});
