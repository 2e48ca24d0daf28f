// SPDX-License-Identifier: AGPL-3.0-or-later
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Typists } from "@/features/conversation/model/typists";

let shown: readonly string[];
let typists: Typists;

beforeEach(() => {
  vi.useFakeTimers();
  shown = [];
  typists = new Typists("@me:here", (typing) => {
    shown = typing;
  });
});

afterEach(() => {
  typists.clear();
  vi.useRealTimers();
});

it("shows who types until the server says that it is over", () => {
  typists.set("@bob:here", true);
  // The homeserver says nothing while somebody goes on.
  vi.advanceTimersByTime(30_000);
  expect(shown).toEqual(["@bob:here"]);
  typists.set("@bob:here", false);
  expect(shown).toEqual([]);
});

it("does not show oneself, nor for ever", () => {
  typists.set("@me:here", true);
  expect(shown).toEqual([]);
  typists.set("@bob:here", true);
  vi.advanceTimersByTime(50_000);
  typists.set("@bob:here", true);
  vi.advanceTimersByTime(50_000);
  expect(shown).toEqual(["@bob:here"]);
  vi.advanceTimersByTime(10_000);
  expect(shown).toEqual([]);
});

it("takes over a whole list after a loss", () => {
  typists.set("@bob:here", true);
  typists.set("@eve:here", true);
  typists.replace(["@eve:here", "@zoe:here"]);
  expect(shown).toEqual(["@eve:here", "@zoe:here"]);
});
