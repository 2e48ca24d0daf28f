// SPDX-License-Identifier: AGPL-3.0-or-later
import { expect, it } from "vitest";

import { delayBefore } from "@/lib/live/backoff";

it("doubles up to thirty seconds", () => {
  const waits = [0, 1, 2, 3, 4, 5, 6, 40].map((attempt) => delayBefore(attempt, 0.5));
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});

it("strays by a quarter, never over thirty seconds", () => {
  expect(delayBefore(3, 0)).toBe(6000);
  expect(delayBefore(3, 1)).toBe(10_000);
  expect(delayBefore(9, 1)).toBe(30_000);
});
