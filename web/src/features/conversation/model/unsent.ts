// SPDX-License-Identifier: AGPL-3.0-or-later
// What could not be sent, kept in this browser until it is sent or thrown away: a reload or a crash
// loses nothing. Each goes under the id it was first tried with, so that nothing is said twice.
import type { Pending } from "@/features/conversation/model/outbox";
import { strings } from "@/features/conversation/strings";
import { onForget, readPersonal, writePersonal } from "@/lib/personal";

interface Kept {
  place: string;
  /** The tab that wrote it: while it lives, it is its own to send. */
  tab: string;
  pending: Pending;
}

const NAME = "unsent";
/** Most that is kept in all; the oldest go first. */
const MOST = 50;
/** Milliseconds until it is written down: what goes through at once never is. */
const REST = 150;
/** Milliseconds after which nobody still means it. */
const LASTS = 7 * 86_400_000;
/** Milliseconds after which another tab has either sent it or is gone. */
const OTHERS = 60_000;

function all(): Kept[] {
  try {
    const found: unknown = JSON.parse(readPersonal(NAME) ?? "[]");
    return Array.isArray(found) ? (found as Kept[]).filter((one) => typeof one?.pending?.txnId === "string") : [];
  } catch {
    return [];
  }
}

// The same after a reload, another in another tab.
function thisTab(): string {
  try {
    const known = sessionStorage.getItem("kith.tab");
    if (known) return known;
    const fresh = crypto.randomUUID();
    sessionStorage.setItem("kith.tab", fresh);
    return fresh;
  } catch {
    return "";
  }
}

/** What is to be written: a message that waits, or null for one that is through. */
const changed = new Map<string, Kept | null>();
let waiting: ReturnType<typeof setTimeout> | undefined;

/** Write down, in a moment, what is on its way from a place and not there yet. */
export function keepUnsent(place: string, before: readonly Pending[], now: readonly Pending[]): void {
  for (const { txnId } of before) changed.set(txnId, null);
  for (const pending of now) {
    changed.set(pending.txnId, pending.state === "sent" ? null : { place, tab: thisTab(), pending });
  }
  waiting ??= setTimeout(write, REST);
}

function write(): void {
  if (waiting === undefined) return;
  clearTimeout(waiting);
  waiting = undefined;
  // Only what is this tab's own is touched: others write here too.
  const others = all().filter(({ pending }) => !changed.has(pending.txnId));
  const mine = [...changed.values()].filter((one) => one !== null);
  changed.clear();
  const rest = [...others, ...mine].slice(-MOST);
  writePersonal(NAME, rest.length ? JSON.stringify(rest) : null);
}

// The page may be gone before the moment is over.
globalThis.addEventListener?.("pagehide", write);

/** What was left behind at a place: not sent, to be tried again or thrown away. */
export function unsentOf(place: string, now: number = Date.now()): Pending[] {
  write();
  const tab = thisTab();
  return all()
    .filter((one) => one.place === place && now - one.pending.at < LASTS)
    .filter((one) => one.tab === tab || now - one.pending.at > OTHERS)
    .map(({ pending }) => ({
      ...pending,
      state: "failed",
      problem: pending.state === "failed" ? pending.problem : strings.leftBehind,
      retryAt: null,
      again: true,
    }));
}

onForget(() => {
  clearTimeout(waiting);
  waiting = undefined;
  changed.clear();
});
