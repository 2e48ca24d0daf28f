// SPDX-License-Identifier: AGPL-3.0-or-later
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { draftOf, keepDraft } from "@/features/conversation/model/drafts";
import { forgetPersonal, readPersonal } from "@/lib/personal";

const PLACE = "@ann:hs.test !room ";
const begun = (text: string) => ({ text, mentions: [] });
const written = (): unknown => JSON.parse(readPersonal("drafts") ?? "{}");

beforeEach(() => {
  forgetPersonal();
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

it("is there at once, and written down when the keys rest", () => {
  keepDraft(PLACE, begun("Hel"));
  keepDraft(PLACE, begun("Hello"));
  expect(draftOf(PLACE).text).toBe("Hello");
  expect(written()).toEqual({});
  vi.advanceTimersByTime(300);
  expect(written()).toEqual({ [PLACE]: begun("Hello") });
});

it("is written down when the page goes, whatever the keys do", () => {
  keepDraft(PLACE, begun("Hello"));
  dispatchEvent(new Event("pagehide"));
  expect(written()).toEqual({ [PLACE]: begun("Hello") });
});

it("is nothing where nothing is begun", () => {
  keepDraft(PLACE, begun("Hello"));
  keepDraft(PLACE, begun("  "));
  vi.advanceTimersByTime(300);
  expect(draftOf(PLACE)).toEqual(begun(""));
  expect(readPersonal("drafts")).toBeNull();
});

it("keeps the last fifty rooms", () => {
  for (let room = 0; room < 60; room += 1) keepDraft(`${PLACE}${room}`, begun(`in ${room}`));
  expect(draftOf(`${PLACE}9`).text).toBe("");
  expect(draftOf(`${PLACE}10`).text).toBe("in 10");
});

it("takes what another tab began, except for what is being written here", () => {
  keepDraft(PLACE, begun("mine"));
  const newValue = JSON.stringify({ [PLACE]: begun("theirs"), other: begun("elsewhere") });
  dispatchEvent(new StorageEvent("storage", { key: "kith.mine.drafts", newValue }));
  expect([draftOf(PLACE).text, draftOf("other").text]).toEqual(["mine", "elsewhere"]);
  vi.advanceTimersByTime(300);
  dispatchEvent(new StorageEvent("storage", { key: "kith.mine.drafts", newValue }));
  expect(draftOf(PLACE).text).toBe("theirs");
});

it("is gone with everything else one wrote", () => {
  keepDraft(PLACE, begun("Hello"));
  forgetPersonal();
  vi.advanceTimersByTime(300);
  expect([draftOf(PLACE).text, readPersonal("drafts")]).toEqual(["", null]);
});
