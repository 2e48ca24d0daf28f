// SPDX-License-Identifier: AGPL-3.0-or-later
// Times as people say them.
import { ago, moment } from "@/lib/formats";
import { strings } from "@/lib/strings";

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

const DAY = 86_400_000;

/** "3 days ago", "in 2 weeks"; "just now" within a minute. */
export function relative(iso: string, now: number = Date.now()): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1000);
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return ago(Math.trunc(seconds / length), unit);
  }
  return strings.justNow;
}

/** "March 12, 2026". */
export const day = (iso: string): string => moment(Date.parse(iso), { dateStyle: "long" });

/** "in 14 days", "within a day": how long it is until something, the last day begun counting whole. */
export function left(iso: string, now: number = Date.now()): string {
  const days = Math.ceil((Date.parse(iso) - now) / DAY);
  return days > 1 ? strings.inDays(days) : strings.withinDay;
}

/** "40 seconds", "2 minutes": how long one has to wait, never nothing. */
export function wait(milliseconds: number): string {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  return seconds < 90 ? strings.seconds(seconds) : strings.minutes(Math.ceil(seconds / 60));
}

const SHAPES = {
  today: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  week: { weekday: "short" },
  year: { day: "numeric", month: "short" },
  older: { dateStyle: "short" },
} as const;

/** When something happened, as short as a list wants it: "14:05", "Tue", "12 Mar", "3/12/2024". */
export function brief(time: number, now: number = Date.now()): string {
  const then = new Date(time);
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  let shape: keyof typeof SHAPES = "older";
  if (time >= midnight) shape = "today";
  else if (time >= midnight - 6 * DAY) shape = "week";
  else if (then.getFullYear() === new Date(now).getFullYear()) shape = "year";
  return moment(time, SHAPES[shape], "en-GB");
}

/** "Active now", "Active 3 hours ago". */
export const active = (here: boolean, iso: string | null): string | null =>
  here ? strings.activeNow : iso && strings.active(relative(iso));

/** "14:05" by the clocks of a time zone; null when this browser does not know it. */
export function timeIn(zone: string, now: number = Date.now()): string | null {
  try {
    return moment(now, { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, "en-GB");
  } catch {
    return null;
  }
}
