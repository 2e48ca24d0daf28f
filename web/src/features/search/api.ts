// SPDX-License-Identifier: AGPL-3.0-or-later
// Finding what was said, in all rooms or in one.
import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";

import { call } from "@/lib/api";
import type { FoundPage } from "@/lib/types";

export const KINDS = ["file", "link"] as const;
export type Kind = (typeof KINDS)[number];

/** What is looked for; all of it must hold. */
export interface Wanted {
  q?: string;
  /** A name, or a Matrix id. */
  sender?: string;
  /** Kith's id of a room, or the room's. */
  room?: string;
  /** Days, as `2026-11-21`, both included. */
  from?: string;
  to?: string;
  has?: Kind;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What an address asks for; anything else is left out. */
export function wantedOf(search: Record<string, unknown>): Wanted {
  const wanted: Wanted = {};
  for (const name of ["q", "sender", "room"] as const) {
    const value = search[name];
    // What looks like a number in an address comes as one.
    const text = typeof value === "number" ? String(value) : value;
    if (typeof text === "string" && text.trim()) wanted[name] = text.slice(0, name === "q" ? 200 : 255);
  }
  for (const name of ["from", "to"] as const) {
    const value = search[name];
    if (typeof value === "string" && DAY.test(value) && !Number.isNaN(Date.parse(value))) wanted[name] = value;
  }
  const has = KINDS.find((kind) => kind === search.has);
  if (has) wanted.has = has;
  return wanted;
}

/** Whether there is enough to look for: words, or one room and something about it. */
export const isAsking = ({ q, room, sender, has }: Wanted): boolean =>
  Boolean(q?.trim() || (room && (sender || has)));

/** The whole id of somebody, who may be named without their server. */
export function senderOf(name: string, home: string): string {
  if (name.includes(":")) return name;
  return `@${name.replace(/^@/, "").toLowerCase()}:${home}`;
}

/** Milliseconds since 1970 at which a day begins here, or ends. */
export function momentOf(day: string, end: boolean): number {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, end ? date + 1 : date).getTime() - (end ? 1 : 0);
}

const asked = ({ sender, from, to, ...rest }: Wanted, home: string) => ({
  ...rest,
  sender: sender && senderOf(sender, home),
  from: from && Math.max(0, momentOf(from, false)),
  to: to && Math.max(0, momentOf(to, true)),
});

export const searchQuery = (wanted: Wanted, home: string) =>
  infiniteQueryOptions({
    queryKey: ["said", wanted],
    queryFn: ({ pageParam, signal }) =>
      call<FoundPage>("GET", "/api/v1/search", { query: { ...asked(wanted, home), cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: FoundPage) => page.nextCursor ?? undefined,
    enabled: isAsking(wanted),
    placeholderData: keepPreviousData,
  });
