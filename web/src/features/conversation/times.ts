// SPDX-License-Identifier: AGPL-3.0-or-later
// Times as a conversation says them.
import { strings } from "@/features/conversation/strings";
import { moment } from "@/lib/formats";
import { spoken } from "@/lib/tongue";

// English by hand: the browser's own formats take longer to make than a screen of messages to draw.
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
const MONTHS = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
] as const;

const two = (number: number): string => String(number).padStart(2, "0");

/** "Friday, November 20", "Friday, November 20, 2026", "November 20, 2025". */
function written(ts: number, weekday: boolean, withYear: boolean): string {
  const shape = { weekday: weekday ? "long" : undefined, day: "numeric", month: "long", year: withYear ? "numeric" : undefined } as const;
  if (spoken() !== "en") return moment(ts, shape);
  const then = new Date(ts);
  const day = `${MONTHS[then.getMonth()]} ${then.getDate()}`;
  return `${weekday ? `${DAYS[then.getDay()]}, ` : ""}${day}${withYear ? `, ${then.getFullYear()}` : ""}`;
}

const DAY = 86_400_000;
const midnight = (ts: number): number => new Date(ts).setHours(0, 0, 0, 0);

/** "14:05". */
export function timeOfDay(ts: number): string {
  const then = new Date(ts);
  return `${two(then.getHours())}:${two(then.getMinutes())}`;
}

/** "Friday, November 20, 2026 at 14:05". */
export const fullTime = (ts: number): string => strings.at(written(ts, true, true), timeOfDay(ts));

/** "Today", "Yesterday", "Friday, November 20", "November 20, 2025". */
export function dayName(ts: number, now: number = Date.now()): string {
  const days = Math.round((midnight(now) - midnight(ts)) / DAY);
  if (days === 0) return strings.today;
  if (days === 1) return strings.yesterday;
  const thisYear = new Date(ts).getFullYear() === new Date(now).getFullYear();
  return written(ts, thisYear, !thisYear);
}

/** "0:42", "1:02:09". */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours = 0, ...rest] = parts;
  const shown = hours ? parts : rest;
  return shown.map((part, at) => (at ? two(part) : String(part))).join(":");
}
