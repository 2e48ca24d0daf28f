// SPDX-License-Identifier: AGPL-3.0-or-later
import { expect, it } from "vitest";

import { type Frame, placeOf, roomOf } from "@/lib/live/frames";
import { frameAt } from "@/lib/live/testing";

it.each([
  ["an event of a room", frameAt("!a", 7), 7, "!a"],
  ["an event without a place", { ...frameAt("!a", 7), position: null } as Frame, null, "!a"],
  // Its position says where the replay ends, which is nothing that was heard.
  ["the answer to subscribing", { event: "subscribed", roomId: "!a", position: 7 } as Frame, null, "!a"],
  ["somebody who types", { event: "typing", roomId: "!a" } as Frame, null, "!a"],
  ["an answer to nobody's room", { event: "pong" } as Frame, null, null],
])("%s", (_, frame, place, room) => {
  expect(placeOf(frame)).toBe(place);
  expect(roomOf(frame)).toBe(room);
});
