// SPDX-License-Identifier: AGPL-3.0-or-later
import { expect, it } from "vitest";

import { nameKeeper } from "@/features/conversation/model/names";
import { freshAfter, rowKeeper, rowsOf } from "@/features/conversation/model/rows";
import { messageOf, systemOf } from "@/features/conversation/testing";

const ME = "@me:hs.test";
const MINUTE = 60_000;
const NOON = new Date(2026, 10, 20, 12).getTime();

it("groups what one person says within five minutes", () => {
  const items = [0, 1, 6, 12].map((minutes, n) => messageOf(`$${n}`, { ts: NOON + minutes * MINUTE }));
  const rows = rowsOf(items, [], ME, null);
  expect(rows.map((row) => [row.first, row.last])).toEqual([[true, false], [false, false], [false, true], [true, true]]);
});

it("begins anew with another person, another day, what is new, and the room's life", () => {
  const items = [
    messageOf("$1", { ts: NOON }),
    messageOf("$2", { ts: NOON, sender: "@bob:hs.test" }),
    systemOf("$3", { ts: NOON }),
    messageOf("$4", { ts: NOON, sender: "@bob:hs.test" }),
    messageOf("$5", { ts: NOON, sender: "@bob:hs.test" }),
    messageOf("$6", { ts: NOON + 24 * 60 * MINUTE, sender: "@bob:hs.test" }),
  ];
  const rows = rowsOf(items, [], ME, "$5");
  expect(rows.every((row) => row.first && row.last)).toBe(true);
  expect(rows.map((row) => row.day !== null)).toEqual([true, false, false, false, false, true]);
  expect(rows.find((row) => row.fresh)?.item?.eventId).toBe("$5");
});

it("keeps one's own message under one name from writing to acceptance", () => {
  const mine = messageOf("$m", { sender: ME, txnId: "t1", ts: NOON });
  const pending = {
    txnId: "t1", text: "x", replyTo: null, threadRoot: null, mentions: { users: [], room: false }, upload: null,
    at: NOON, state: "sending" as const, eventId: null, problem: null, retryAt: null,
  };
  expect(rowsOf([], [pending], ME, null)[0]?.key).toBe(rowsOf([mine], [], ME, null)[0]?.key);
  expect(rowsOf([mine], [pending], ME, null)).toHaveLength(1);
  // Somebody else's may carry any id: it is not taken for one's own.
  expect(rowsOf([{ ...mine, sender: "@bob:hs.test" }], [pending], ME, null)).toHaveLength(2);
});

it("draws the line above the first message of others behind the mark", () => {
  const items = [messageOf("$1"), messageOf("$2", { sender: ME }), systemOf("$3"), messageOf("$4"), messageOf("$5")];
  expect(freshAfter(items, "$1", ME)).toBe("$4");
  expect(freshAfter(items, "$5", ME)).toBeNull();
  expect(freshAfter(items, "$gone", ME)).toBeNull();
  expect(freshAfter(items, null, ME)).toBeNull();
});

it("keeps the rows about which nothing changed", () => {
  const keep = rowKeeper();
  const items = [0, 1, 20].map((minutes, n) => messageOf(`$${n}`, { ts: NOON + minutes * MINUTE }));
  const before = keep(rowsOf(items, [], ME, null));
  expect(keep(rowsOf(items, [], ME, null)).every((row, at) => row === before[at])).toBe(true);
  const more = [...items, messageOf("$3", { ts: NOON + 21 * MINUTE })];
  const after = keep(rowsOf(more, [], ME, null));
  // The last row no longer ends its group; the two before it are as they were.
  expect(after.map((row) => before.includes(row))).toEqual([true, true, false, false]);
  const edited = more.with(0, { ...messageOf("$0", { ts: NOON }), body: "Changed" });
  expect(keep(rowsOf(edited, [], ME, null)).map((row) => after.includes(row))).toEqual([false, true, true, true]);
});

it("keeps the names until one is another", () => {
  const namesOf = nameKeeper();
  const items = [messageOf("$1"), messageOf("$2", { sender: "@bob:hs.test", senderName: "Bob" })];
  const names = namesOf(items);
  expect(namesOf([...items, messageOf("$3")])).toBe(names);
  expect(namesOf([...items, messageOf("$3", { senderName: "Anna" })]).get("@ann:hs.test")).toBe("Anna");
});
