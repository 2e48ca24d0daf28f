// SPDX-License-Identifier: AGPL-3.0-or-later
import { beforeEach, expect, it } from "vitest";

import type { Pending } from "@/features/conversation/model/outbox";
import { keepUnsent, unsentOf } from "@/features/conversation/model/unsent";
import { forgetPersonal } from "@/lib/personal";

const NOW = 1_800_000_000_000;
const PLACE = "@ann:hs.test !room ";

const pending = (txnId: string, more: Partial<Pending> = {}): Pending => ({
  text: `${txnId} says`,
  replyTo: null,
  threadRoot: null,
  mentions: { users: [], room: false },
  upload: null,
  txnId,
  at: NOW,
  state: "waiting",
  eventId: null,
  problem: null,
  retryAt: null,
  ...more,
});

/** Another tab, or this one after it was closed and opened anew. */
const anotherTab = (): void => sessionStorage.setItem("kith.tab", crypto.randomUUID());

beforeEach(() => {
  forgetPersonal();
  sessionStorage.clear();
});

it("gives back what was not sent, under the id it was tried with", () => {
  keepUnsent(PLACE, [], [pending("one"), pending("two", { state: "sending" })]);
  const found = unsentOf(PLACE, NOW + 5);
  expect(found.map(({ txnId, state, again }) => [txnId, state, again])).toEqual([
    ["one", "failed", true],
    ["two", "failed", true],
  ]);
  expect(found[0]?.problem).toBe("Kith was closed before this went out.");
});

it("keeps why the server refused", () => {
  keepUnsent(PLACE, [], [pending("one", { state: "failed", problem: "Slow mode.", retryAt: NOW + 9 })]);
  expect(unsentOf(PLACE, NOW)[0]).toMatchObject({ problem: "Slow mode.", retryAt: null });
});

it("keeps each place's own and forgets what was sent or thrown away", () => {
  const one = pending("one");
  const two = pending("two");
  keepUnsent(PLACE, [], [one, two]);
  keepUnsent("@ann:hs.test !other ", [], [pending("three")]);
  keepUnsent(PLACE, [one, two], [{ ...one, state: "sent", eventId: "$1" }, two]);
  expect(unsentOf(PLACE, NOW).map(({ txnId }) => txnId)).toEqual(["two"]);
  keepUnsent(PLACE, [two], []);
  expect(unsentOf(PLACE, NOW)).toEqual([]);
  expect(unsentOf("@ann:hs.test !other ", NOW)).toHaveLength(1);
  expect(unsentOf("@bob:hs.test !other ", NOW)).toEqual([]);
});

it("leaves to a tab that lives what it is sending", () => {
  keepUnsent(PLACE, [], [pending("one")]);
  anotherTab();
  expect(unsentOf(PLACE, NOW + 1000)).toEqual([]);
  expect(unsentOf(PLACE, NOW + 61_000)).toHaveLength(1);
  // What this tab says does not take away what the other keeps.
  keepUnsent(PLACE, [], [pending("two")]);
  expect(unsentOf(PLACE, NOW + 61_000).map(({ txnId }) => txnId)).toEqual(["one", "two"]);
});

it("is bounded in number and time", () => {
  const many = Array.from({ length: 60 }, (_, at) => pending(`m${at}`));
  keepUnsent(PLACE, [], many);
  expect(unsentOf(PLACE, NOW)).toHaveLength(50);
  expect(unsentOf(PLACE, NOW)[0]?.txnId).toBe("m10");
  expect(unsentOf(PLACE, NOW + 8 * 86_400_000)).toEqual([]);
});

it("is gone once one signs out, and survives what others wrote there", () => {
  keepUnsent(PLACE, [], [pending("one")]);
  forgetPersonal();
  expect(unsentOf(PLACE, NOW)).toEqual([]);
  localStorage.setItem("kith.mine.unsent", '{"not": "a list"}');
  expect(unsentOf(PLACE, NOW)).toEqual([]);
  localStorage.setItem("kith.mine.unsent", "[null, 3, {}]");
  expect(unsentOf(PLACE, NOW)).toEqual([]);
});
