// SPDX-License-Identifier: AGPL-3.0-or-later
import { expect, it } from "vitest";

import { dropped, movedTo, sent } from "@/features/showcase/model";
import type { Card } from "@/lib/types";

const card = (entityId: string, note: string | null = null) => ({ entityId, note }) as Card;
const [a, b, c] = [card("a", " hi "), card("b"), card("c", " ")];
const all = [a, b, c];
const ids = (cards: readonly Card[]) => cards.map(({ entityId }) => entityId).join("");

it("moves a card, and never beyond the ends", () => {
  expect(ids(movedTo(all, 0, 2))).toBe("bca");
  expect(ids(movedTo(all, 2, 1))).toBe("acb");
  expect(movedTo(all, 0, -1)).toBe(all);
  expect(movedTo(all, 2, 3)).toBe(all);
  expect(movedTo(all, 9, 0)).toBe(all);
});

it("drops a card beside another", () => {
  expect(ids(dropped(all, new Set("a"), "c", "after"))).toBe("bca");
  expect(ids(dropped(all, new Set("c"), "a", "before"))).toBe("cab");
  expect(dropped(all, new Set("a"), "a", "before")).toBe(all);
});

it("sends ids and notes that say something", () => {
  expect(sent("servers_joined", all)).toEqual({
    collection: "servers_joined",
    cards: [
      { entityId: "a", note: "hi" },
      { entityId: "b", note: null },
      { entityId: "c", note: null },
    ],
  });
});
