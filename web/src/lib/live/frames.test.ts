// SPDX-License-Identifier: AGPL-3.0-or-later
import { expect, it } from "vitest";

import { type Frame, placeOf, roomOf } from "@/lib/live/frames";
import { frameAt } from "@/lib/live/testing";

const memberAt = (userId: string): Frame =>
  ({ ...frameAt("!a", 7), event: "member:changed", userId, membership: "join" }) as Frame;

it.each([
  ["an event of a room", frameAt("!a", 7), 7, "!a"],
  ["an event without a place", { ...frameAt("!a", 7), position: null } as Frame, null, "!a"],
  // Its position says where the replay ends, which is nothing that was heard.
  ["the answer to subscribing", { event: "subscribed", roomId: "!a", position: 7 } as Frame, null, "!a"],
  ["somebody who came in", memberAt("@bob:a"), 7, "!a"],
  // It comes ahead of what the room has yet to say.
  ["one's own coming in", memberAt("@me:a"), null, "!a"],
  ["somebody who types", { event: "typing", roomId: "!a" } as Frame, null, "!a"],
  ["an answer to nobody's room", { event: "pong" } as Frame, null, null],
])("%s", (_, frame, place, room) => {
  expect(placeOf(frame, "@me:a")).toBe(place);
  expect(roomOf(frame)).toBe(room);
});

it("takes no membership for a place while it is not known whose window it is", () => {
  expect(placeOf(memberAt("@bob:a"), null)).toBeNull();
});
