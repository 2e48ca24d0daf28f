// SPDX-License-Identifier: AGPL-3.0-or-later
// What was begun and not yet sent, room by room, in this browser and all its tabs.
import { create } from "zustand";

import { onForget, onPersonal, readPersonal, writePersonal } from "@/lib/personal";

export interface Mention {
  userId: string;
  name: string;
}

export interface Begun {
  text: string;
  mentions: Mention[];
}

const NAME = "drafts";
const NOTHING: Begun = { text: "", mentions: [] };
/** Milliseconds without a key after which a draft is written down: not at each of them. */
const REST = 300;
/** Rooms whose drafts are kept; the oldest go first. */
const MOST = 50;

type All = Readonly<Record<string, Begun>>;

function parsed(text: string | null): All {
  try {
    const found: unknown = JSON.parse(text ?? "{}");
    return found !== null && typeof found === "object" ? (found as All) : {};
  } catch {
    return {};
  }
}

const useDrafts = create<{ all: All }>(() => ({ all: parsed(readPersonal(NAME)) }));
/** What has changed here since it was last written down. */
const fresh = new Set<string>();
let waiting: ReturnType<typeof setTimeout> | undefined;

onPersonal(NAME, (text) => {
  const mine = Object.entries(useDrafts.getState().all).filter(([place]) => fresh.has(place));
  useDrafts.setState({ all: { ...parsed(text), ...Object.fromEntries(mine) } });
});
onForget(() => {
  clearTimeout(waiting);
  waiting = undefined;
  fresh.clear();
  useDrafts.setState({ all: {} });
});
// The page may be gone before the rest is over.
globalThis.addEventListener?.("pagehide", write);
globalThis.addEventListener?.("visibilitychange", write);

/** Keep what is begun; nothing is kept of an empty text. */
export function keepDraft(place: string, begun: Begun): void {
  const { [place]: _, ...others } = useDrafts.getState().all;
  const entries = Object.entries(others).slice(-MOST + 1);
  const all = Object.fromEntries(begun.text.trim() ? [...entries, [place, begun]] : entries);
  useDrafts.setState({ all });
  fresh.add(place);
  waiting ??= setTimeout(write, REST);
}

function write(): void {
  if (waiting === undefined) return;
  clearTimeout(waiting);
  waiting = undefined;
  fresh.clear();
  const { all } = useDrafts.getState();
  writePersonal(NAME, Object.keys(all).length ? JSON.stringify(all) : null);
}

export const useDraft = (place: string): Begun => useDrafts((state) => state.all[place] ?? NOTHING);
export const draftOf = (place: string): Begun => useDrafts.getState().all[place] ?? NOTHING;
