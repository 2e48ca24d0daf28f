// SPDX-License-Identifier: AGPL-3.0-or-later
// Times as a conversation says them.

const clock = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const long = new Intl.DateTimeFormat("en", { weekday: "long", day: "numeric", month: "long" });
const withYear = new Intl.DateTimeFormat("en", { dateStyle: "long" });
const full = new Intl.DateTimeFormat("en", { dateStyle: "full", timeStyle: "short" });

const DAY = 86_400_000;
const midnight = (ts: number): number => new Date(ts).setHours(0, 0, 0, 0);

/** "14:05". */
export const timeOfDay = (ts: number): string => clock.format(ts);

/** "Friday, 20 November 2026 at 14:05". */
export const fullTime = (ts: number): string => full.format(ts);

/** "Today", "Yesterday", "Friday, November 20", "November 20, 2025". */
export function dayName(ts: number, now: number = Date.now()): string {
  const days = Math.round((midnight(now) - midnight(ts)) / DAY);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return new Date(ts).getFullYear() === new Date(now).getFullYear() ? long.format(ts) : withYear.format(ts);
}

/** "0:42", "1:02:09". */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours = 0, ...rest] = parts;
  const shown = hours ? parts : rest;
  return shown.map((part, at) => (at ? String(part).padStart(2, "0") : String(part))).join(":");
}
