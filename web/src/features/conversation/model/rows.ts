// SPDX-License-Identifier: AGPL-3.0-or-later
// What is drawn where: which messages belong together, where a day or the unread begins.
import type { Pending } from "@/features/conversation/model/outbox";
import { type Item, type SystemRow, isSystem } from "@/lib/message";

export interface Row {
  key: string;
  item: Item | null;
  /** Rows of the room's life that follow one another, the first of them being `item`. */
  life: readonly SystemRow[];
  pending: Pending | null;
  /** Begins and ends a group of one author. */
  first: boolean;
  last: boolean;
  /** The day that begins here (ms of its first message). */
  day: number | null;
  /** The line over what is new stands here. */
  fresh: boolean;
}

/** Milliseconds after which the same author begins a new group. */
const TOGETHER = 5 * 60_000;

const PLAIN = { item: null, life: [], pending: null, first: true, last: true, day: null, fresh: false };

const dayOf = (ts: number): string => new Date(ts).toDateString();

/** The rows of a window; `fresh` is the first event that had not been read when it was opened. */
export function rowsOf(
  items: readonly Item[],
  pending: readonly Pending[],
  me: string,
  fresh: string | null,
): Row[] {
  const rows: Row[] = [];
  for (const item of items) {
    const before = rows.at(-1);
    if (isSystem(item) && before?.life.length && dayOf(timeOf(before)) === dayOf(item.ts)) {
      before.life = [...before.life, item];
      continue;
    }
    const life = isSystem(item) ? [item] : [];
    rows.push({ ...PLAIN, key: keyOf(item, me), item, life, fresh: item.eventId === fresh });
  }
  const shown = new Set(rows.map((row) => row.key));
  for (const one of pending) {
    const key = `txn ${one.txnId}`;
    if (shown.has(key)) continue;
    rows.push({ ...PLAIN, key, pending: one });
  }
  for (const [at, row] of rows.entries()) {
    const before = rows[at - 1];
    if (!before || dayOf(timeOf(before)) !== dayOf(timeOf(row))) row.day = timeOf(row);
    if (before && goesOn(before, row, me)) {
      row.first = false;
      before.last = false;
    }
  }
  return rows;
}

/** Gives each row as the one from before where nothing about it has changed: that is not drawn again. */
export function rowKeeper(): (rows: readonly Row[]) => readonly Row[] {
  let before = new Map<string, Row>();
  return (rows) => {
    const kept = rows.map((row) => {
      const old = before.get(row.key);
      return old && same(old, row) ? old : row;
    });
    before = new Map(kept.map((row) => [row.key, row]));
    return kept;
  };
}

const same = (one: Row, other: Row): boolean =>
  one.item === other.item &&
  one.pending === other.pending &&
  one.first === other.first &&
  one.last === other.last &&
  one.day === other.day &&
  one.fresh === other.fresh &&
  one.life.length === other.life.length &&
  one.life.every((row, at) => row === other.life[at]);

// What one sends oneself keeps its place on the screen when it comes back from the server.
const keyOf = (item: Item, me: string): string =>
  !isSystem(item) && item.sender === me && item.txnId ? `txn ${item.txnId}` : item.eventId;

const timeOf = (row: Row): number => row.item?.ts ?? row.pending?.at ?? 0;

function authorOf(row: Row, me: string): string | null {
  if (row.pending) return me;
  return row.item && !isSystem(row.item) ? row.item.sender : null;
}

function goesOn(before: Row, row: Row, me: string): boolean {
  const author = authorOf(row, me);
  if (author === null || author !== authorOf(before, me) || row.day !== null || row.fresh) return false;
  return timeOf(row) - timeOf(before) <= TOGETHER;
}

/** The first message of others behind the mark; null when all is read or the mark is not here. */
export function freshAfter(items: readonly Item[], read: string | null, me: string): string | null {
  if (read === null) return null;
  const at = items.findIndex((item) => item.eventId === read);
  if (at < 0) return null;
  return items.slice(at + 1).find((item) => !isSystem(item) && item.sender !== me)?.eventId ?? null;
}
