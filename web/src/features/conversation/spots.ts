// SPDX-License-Identifier: AGPL-3.0-or-later
// Where one was in a conversation, by entry of the window's history: back, forward and reload lead
// to the same message at the same height. Whoever was at the end comes back to the end.
import { useLocation } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import { useSteady } from "@/lib/steady";

export interface Spot {
  /** The first message in view. */
  eventId: string;
  /** Pixels of it above the view. */
  into: number;
}

const PLACE = "kith.spots";
/** Entries kept; the oldest go first. */
const MOST = 50;

function all(): Record<string, Spot> {
  try {
    return JSON.parse(sessionStorage.getItem(PLACE) ?? "{}") as Record<string, Spot>;
  } catch {
    return {};
  }
}

function keep(name: string, spot: Spot | null): void {
  const { [name]: _, ...others } = all();
  const entries = Object.entries(others).slice(-MOST + 1);
  try {
    sessionStorage.setItem(PLACE, JSON.stringify(Object.fromEntries(spot ? [...entries, [name, spot]] : entries)));
  } catch {
    // Forbidden or full: one then comes back to the end.
  }
}

function useEntry(room: string): string {
  // The router's own name for an entry of the history.
  // oxlint-disable-next-line no-underscore-dangle
  return `${useLocation({ select: ({ state }) => state.__TSR_key })} ${room}`;
}

/** Where one was when this entry was left; it does not change while drawn. */
export function useSpot(room: string): Spot | null {
  const entry = useEntry(room);
  const [spot] = useState(() => all()[entry] ?? null);
  return spot;
}

/** Keep where one is when the entry or the page is left. */
export function useSpotKept(room: string, now: () => Spot | null): void {
  const entry = useEntry(room);
  const look = useSteady(now);
  useEffect(() => {
    const write = () => keep(entry, look());
    addEventListener("pagehide", write);
    return () => {
      removeEventListener("pagehide", write);
      write();
    };
  }, [entry, look]);
}
