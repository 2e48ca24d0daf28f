// SPDX-License-Identifier: AGPL-3.0-or-later
import { expect, it } from "vitest";

import { dayName, duration, fullTime, timeOfDay } from "@/features/conversation/times";

const NOW = new Date(2026, 10, 21, 9, 5).getTime();
const at = (year: number, month: number, day: number, hour = 0, minute = 0): number =>
  new Date(year, month, day, hour, minute).getTime();

it("says the time of day and all of it", () => {
  expect(timeOfDay(NOW)).toBe("09:05");
  expect(timeOfDay(at(2026, 10, 20, 23, 59))).toBe("23:59");
  expect(fullTime(NOW)).toBe("Saturday, November 21, 2026 at 09:05");
});

it("says a day as the browser would", () => {
  const long = new Intl.DateTimeFormat("en", { weekday: "long", day: "numeric", month: "long" });
  const withYear = new Intl.DateTimeFormat("en", { dateStyle: "long" });
  for (let month = 0; month < 12; month += 1) {
    for (const day of [1, 2, 3, 4, 5, 6, 7, 28]) {
      const [then, before] = [at(2025, month, day), at(2024, month, day)];
      expect(dayName(then, at(2025, 5, 15))).toBe(long.format(then));
      expect(dayName(before, at(2025, 5, 15))).toBe(withYear.format(before));
    }
  }
});

it("calls the last two days by their names", () => {
  expect(dayName(at(2026, 10, 21), NOW)).toBe("Today");
  expect(dayName(at(2026, 10, 20, 23, 59), NOW)).toBe("Yesterday");
  expect(dayName(at(2026, 10, 19), NOW)).toBe("Thursday, November 19");
});

it.each([
  [42_000, "0:42"],
  [3_729_000, "1:02:09"],
])("%d ms last %s", (milliseconds, words) => {
  expect(duration(milliseconds)).toBe(words);
});
