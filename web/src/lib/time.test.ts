// SPDX-License-Identifier: AGPL-3.0-or-later
import { describe, expect, it } from "vitest";

import { left, relative, wait } from "@/lib/time";

const NOW = Date.parse("2026-03-10T12:00:00Z");

describe("times", () => {
  it.each([
    ["2026-03-10T11:59:30Z", "just now"],
    ["2026-03-10T11:00:00Z", "1 hour ago"],
    ["2026-03-09T12:00:00Z", "yesterday"],
    ["2026-04-09T12:00:00Z", "next month"],
  ])("%s is %s", (iso, words) => {
    expect(relative(iso, NOW)).toBe(words);
  });

  it.each([
    ["2026-03-24T12:00:00Z", "in 14 days"],
    ["2026-03-24T11:00:00Z", "in 14 days"],
    ["2026-03-11T12:00:01Z", "in 2 days"],
    ["2026-03-11T12:00:00Z", "within a day"],
    ["2026-03-10T11:00:00Z", "within a day"],
  ])("until %s it is %s", (iso, words) => {
    expect(left(iso, NOW)).toBe(words);
  });

  it("never says that there is nothing to wait for", () => {
    expect(wait(10)).toBe("1 second");
    expect(wait(42_000)).toBe("42 seconds");
    expect(wait(150_000)).toBe("3 minutes");
  });
});
