// SPDX-License-Identifier: AGPL-3.0-or-later
// What was begun and not yet sent, room by room, in this browser and all its tabs.
import { create } from "zustand";

export interface Mention {
  userId: string;
  name: string;
}

export interface Begun {
  text: string;
  mentions: Mention[];
}

const PLACE = "kith.drafts";
const NOTHING: Begun = { text: "", mentions: [] };
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

function remembered(): All {
  try {
    return parsed(localStorage.getItem(PLACE));
  } catch {
    // Private windows may forbid even looking.
    return {};
  }
}

const useDrafts = create<{ all: All }>(() => ({ all: remembered() }));

if (typeof window !== "undefined") {
  addEventListener("storage", ({ key, newValue }) => {
    if (key === PLACE) useDrafts.setState({ all: parsed(newValue) });
  });
}

/** Keep what is begun; nothing is kept of an empty text. */
export function keepDraft(place: string, begun: Begun): void {
  const { [place]: _, ...others } = useDrafts.getState().all;
  const entries = Object.entries(others).slice(-MOST + 1);
  const all = Object.fromEntries(begun.text.trim() ? [...entries, [place, begun]] : entries);
  useDrafts.setState({ all });
  try {
    localStorage.setItem(PLACE, JSON.stringify(all));
  } catch {
    // Full or forbidden: it then holds as long as the page.
  }
}

export const useDraft = (place: string): Begun => useDrafts((state) => state.all[place] ?? NOTHING);
export const draftOf = (place: string): Begun => useDrafts.getState().all[place] ?? NOTHING;
