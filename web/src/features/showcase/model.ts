// SPDX-License-Identifier: AGPL-3.0-or-later
// One collection of a showcase: up to three cards in an order. Pure.
import type { Card } from "@/lib/types";

export const COLLECTIONS = ["servers_joined", "favorite_searches", "featured_listings"] as const;
export type Collection = (typeof COLLECTIONS)[number];

/** Most cards of a collection, and characters of a note. */
export const MOST = 3;
export const NOTE = 80;

/** The card at one place taken to another; the same list where nothing moves. */
export function movedTo(cards: readonly Card[], from: number, to: number): readonly Card[] {
  const card = cards[from];
  if (!card || to < 0 || to >= cards.length || from === to) return cards;
  return cards.toSpliced(from, 1).toSpliced(to, 0, card);
}

/** Cards dropped before or after another one. */
export function dropped(cards: readonly Card[], ids: ReadonlySet<string>, target: string, where: "before" | "after"): readonly Card[] {
  const [id] = ids;
  if (id === undefined || ids.has(target)) return cards;
  const rest = cards.filter(({ entityId }) => entityId !== id);
  const at = rest.findIndex(({ entityId }) => entityId === target) + (where === "after" ? 1 : 0);
  const card = cards.find(({ entityId }) => entityId === id);
  return card ? rest.toSpliced(at, 0, card) : cards;
}

/** As it is sent. */
export const sent = (collection: Collection, cards: readonly Card[]) => ({
  collection,
  cards: cards.map(({ entityId, note }) => ({ entityId, note: note?.trim() || null })),
});
