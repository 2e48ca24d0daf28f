// SPDX-License-Identifier: AGPL-3.0-or-later
import { describe, expect, it } from "vitest";

import {
  EMPTY,
  MOST,
  type Page,
  type Scope,
  type Timeline,
  arrived,
  folded,
  joined,
  opened,
  refreshed,
} from "@/features/conversation/model/timeline";
import { messageOf, newFrame, systemOf } from "@/features/conversation/testing";
import type { RoomFrame } from "@/lib/live/frames";
import { type Message, isSystem } from "@/lib/message";

const ME: Scope = { me: "@me:hs.test", threadRoot: null };
const page = (items: Page["items"], more: Partial<Page> = {}): Page => ({
  items,
  before: null,
  after: null,
  position: items.at(-1)?.position ?? null,
  ...more,
});
const ids = (timeline: Timeline) => timeline.items.map((item) => item.eventId);
const at = (timeline: Timeline, id: string): Message => {
  const found = timeline.items.find((item) => item.eventId === id);
  if (!found || isSystem(found)) throw new Error(`no ${id}`);
  return found;
};
const play = (start: Timeline, frames: readonly RoomFrame[], scope = ME) =>
  frames.reduce((now, frame) => folded(now, frame, scope), start);

const base = { roomId: "!room", sender: "@ann:hs.test", ts: 5000, v: 1 as const };
const edit = (position: number, target: string, body: string): RoomFrame => ({
  ...base, event: "message:edited", eventId: `$e${position}`, position, target, content: {},
  message: messageOf(target, { body, editedAt: 5000 + position }),
});
const redact = (position: number, target: string): RoomFrame => ({
  ...base, event: "message:redacted", eventId: `$r${position}`, position, target, reason: null,
});
const react = (position: number, target: string, key: string, sender = base.sender): RoomFrame => ({
  ...base, event: "reaction:added", eventId: `$k${position}`, position, target, key, sender,
});
const unreact = (position: number, target: string): RoomFrame => ({
  ...base, event: "reaction:removed", eventId: `$u${position}`, position, target, message: null, key: null,
});

const many = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => messageOf(`$${from + n}`, { position: from + n }));

describe("what comes", () => {
  it("is appended in order, each event once", () => {
    const start = opened(page([messageOf("$1", { position: 1 })]));
    const frames = [newFrame("$2", 2), newFrame("$3", 3), newFrame("$2", 2), newFrame("$3", 3)];
    expect(ids(play(start, frames))).toEqual(["$1", "$2", "$3"]);
  });

  it("is not passed over for the word of one's own coming in, which is told ahead of it", () => {
    const start = opened(page([messageOf("$1", { position: 1 })]));
    const came: RoomFrame = {
      ...base, event: "member:changed", eventId: "$me", position: 4, userId: ME.me, membership: "join",
      displayName: null, avatarUrl: null, reason: null,
    };
    expect(ids(play(start, [came, newFrame("$2", 2), newFrame("$3", 3)]))).toEqual(["$1", "$2", "$3"]);
  });

  it("may repeat what a page already had", () => {
    const start = opened(page([messageOf("$1", { position: 7 }), messageOf("$2", { position: 8 })], { position: 6 }));
    expect(ids(play(start, [newFrame("$1", 7), newFrame("$2", 8), newFrame("$3", 9)]))).toEqual(["$1", "$2", "$3"]);
  });

  it("takes its place by position when it comes late", () => {
    const start = opened(page([messageOf("$1", { position: 1 })], { position: null }));
    const one = arrived(start, messageOf("$3", { position: 3 }), ME);
    expect(ids(arrived(one, messageOf("$2", { position: 2 }), ME))).toEqual(["$1", "$2", "$3"]);
  });

  it("is counted, not shown, while the window is elsewhere", () => {
    const start = opened(page([messageOf("$1", { position: 1 })], { after: "c" }));
    const end = play(start, [newFrame("$5", 5), newFrame("$6", 6, { sender: ME.me })]);
    expect(ids(end)).toEqual(["$1"]);
    expect(end.missed).toBe(1);
  });

  it("shows one's own message once, whether the answer or the frame is first", () => {
    const mine = messageOf("$m", { position: null, sender: ME.me, txnId: "t" });
    const start = opened(page([messageOf("$1", { position: 1 })]));
    const answered = folded(arrived(start, mine, ME), newFrame("$m", 2, { sender: ME.me, txnId: "t" }), ME);
    expect(ids(answered)).toEqual(["$1", "$m"]);
    expect(at(answered, "$m").position).toBe(2);
    const framed = arrived(folded(start, newFrame("$m", 2), ME), mine, ME);
    expect(ids(framed)).toEqual(["$1", "$m"]);
    expect(at(framed, "$m").position).toBe(2);
  });

  it("never makes the window longer than it may be, and knows where the rest is", () => {
    const frames = Array.from({ length: MOST + 20 }, (_, n) => newFrame(`$${n}`, n + 1));
    const end = play(EMPTY, frames);
    expect(end.items).toHaveLength(MOST);
    expect(end.before).toEqual({ around: "$20" });
  });
});

describe("changes", () => {
  const start = opened(page([messageOf("$1", { position: 1 }), messageOf("$2", { position: 2 })]));
  const tables: [string, RoomFrame[], Partial<Message>][] = [
    ["an edit", [edit(3, "$1", "new")], { body: "new", editedAt: 5003 }],
    ["two edits", [edit(3, "$1", "new"), edit(4, "$1", "newer")], { body: "newer" }],
    ["the same edit twice", [edit(3, "$1", "new"), edit(3, "$1", "new")], { body: "new" }],
    ["a removal", [redact(3, "$1")], { deleted: true, body: "" }],
    ["an edit after a removal", [redact(3, "$1"), edit(4, "$1", "back")], { deleted: true, body: "" }],
    ["a reaction that was taken back", [react(3, "$1", "👍"), unreact(4, "$k3")], { reactions: [] }],
    ["a reaction whose event was redacted", [react(3, "$1", "👍"), redact(4, "$k3")], { reactions: [] }],
  ];
  it.each(tables)("%s", (_, frames, expected) => {
    expect(at(play(start, frames), "$1")).toMatchObject(expected);
  });

  it("count reactions by key and know one's own", () => {
    const frames = [react(3, "$1", "👍"), react(4, "$1", "👍", ME.me), react(5, "$1", "🎉"), react(4, "$1", "👍", ME.me)];
    const [thumb, party] = at(play(start, frames), "$1").reactions;
    expect(thumb).toMatchObject({ key: "👍", count: 2, mine: "$k4" });
    expect(party).toMatchObject({ key: "🎉", count: 1, mine: null });
  });

  it("wait for a message that is not here yet", () => {
    const frames = [
      { ...edit(3, "$9", "second thought"), position: null },
      { ...react(4, "$9", "👍"), position: null },
      { ...react(5, "$9", "🎉"), position: null },
      { ...unreact(6, "$k5"), position: null },
      newFrame("$9", 9),
    ] as RoomFrame[];
    const found = at(play(start, frames), "$9");
    expect(found.body).toBe("second thought");
    expect(found.reactions.map((one) => one.key)).toEqual(["👍"]);
  });

  it("show in the replies that quote it", () => {
    const reply = newFrame("$3", 3, { replyTo: { eventId: "$1", sender: null, senderName: null, body: null } });
    const one = play(start, [reply]);
    expect(at(one, "$3").replyTo).toMatchObject({ sender: "@ann:hs.test", body: "$1 says" });
    expect(at(play(one, [edit(4, "$1", "else")]), "$3").replyTo?.body).toBe("else");
    expect(at(play(one, [redact(4, "$1")]), "$3").replyTo?.body).toBeNull();
  });
});

describe("threads", () => {
  it("show in the room as a number on their root", () => {
    const start = opened(page([messageOf("$1", { position: 1 })]));
    const end = play(start, [
      newFrame("$2", 2, { threadRoot: "$1", ts: 10 }),
      newFrame("$3", 3, { threadRoot: "$1", ts: 11, sender: ME.me }),
    ]);
    expect(ids(end)).toEqual(["$1"]);
    expect(at(end, "$1").thread).toEqual({ count: 2, latestTs: 11, latestSender: ME.me, participated: true });
  });

  it("hold only their own replies", () => {
    const end = play(EMPTY, [newFrame("$2", 2), newFrame("$3", 3, { threadRoot: "$1" })], { ...ME, threadRoot: "$1" });
    expect(ids(end)).toEqual(["$3"]);
  });
});

describe("pages", () => {
  it("lengthen the window at one end and shorten it at the other", () => {
    const start = opened(page(many(100, 180), { before: "b" }));
    const end = joined(start, page(many(60, 105), { before: "bb", after: "x" }), "before");
    expect(end.items).toHaveLength(MOST);
    expect(ids(end)[0]).toBe("$60");
    expect(end.before).toEqual({ cursor: "bb" });
    expect(end.after).toEqual({ around: "$159" });
  });

  it("reach the present again", () => {
    const start = { ...opened(page(many(0, 100), { after: "a" })), missed: 3 };
    const end = joined(start, page(many(95, 110)), "after");
    expect(end.after).toBeNull();
    expect(end.missed).toBe(0);
    expect(end.position).toBe(109);
    expect(ids(end).at(-1)).toBe("$109");
  });

  it("bring rows of the room's life between the messages", () => {
    const start = opened(page(many(1, 4)));
    const end = refreshed(start, page([...many(2, 4), systemOf("$s", { position: 9 })]));
    expect(ids(end)).toEqual(["$1", "$2", "$3", "$s"]);
  });
});
