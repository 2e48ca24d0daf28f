// SPDX-License-Identifier: AGPL-3.0-or-later
// What is read stays where it is when rows above it turn out higher or lower than they were.
import type { VirtualItem, Virtualizer } from "@tanstack/react-virtual";
import { useInsertionEffect, useLayoutEffect, useRef } from "react";

import type { Row } from "@/features/conversation/model/rows";

type Rows = Virtualizer<HTMLDivElement, Element>;
type Decision = Rows["shouldAdjustScrollPositionOnItemSizeChange"];

// The virtualiser takes this as a property, not as one of its options.
function decideBy(virtual: Rows, decision: Decision): void {
  virtual.shouldAdjustScrollPositionOnItemSizeChange = decision;
}

/** What stands over a row's own text: once older rows are there, it is gone. */
const headOf = (row: Row | undefined, at: number, begins: boolean): string =>
  row ? `${row.day !== null} ${row.fresh} ${row.first} ${at === 0 && begins}` : "";

/**
 * Decides whether the view moves with a row that changed its height. The virtualiser alone lets
 * the view jump when that happens while one scrolls up, which is when older messages come.
 *
 * @param begins whether the conversation's beginning stands over the first row
 * @param edge pixels before the first row, while there is more to fetch
 */
export function useAnchor(
  virtual: Rows,
  rows: readonly Row[],
  begins: boolean,
  edge: number,
): void {
  const heads = useRef(new Map<VirtualItem["key"], string>());
  const joint = useRef<{ first: string | null; before: number }>({ first: null, before: 0 });
  // Rows are measured as they come into the document, which is before any layout effect.
  useInsertionEffect(() => {
    const known = heads.current;
    const first = rows[0]?.key ?? null;
    if (first !== joint.current.first) {
      // How many were put before the row that was the first.
      const before = Math.max(0, rows.findIndex((row) => row.key === joint.current.first));
      joint.current = { first, before };
    }
    decideBy(virtual, (item, _, { itemSizeCache, scrollOffset }) => {
      const offset = scrollOffset ?? 0;
      // What was put over the first row stands over it, even where that is in view.
      const over = item.index < joint.current.before ? edge : 0;
      if (!itemSizeCache.has(item.key)) return item.start < offset + over;
      const before = known.get(item.key);
      const head = headOf(rows[item.index], item.index, begins);
      known.set(item.key, head);
      if (before === undefined || before === head) return item.end <= offset;
      // Its head went from over what is read: also where the row is partly in view, or the first.
      return item.start <= offset + edge;
    });
  });
  useLayoutEffect(() => {
    for (const { key, index } of virtual.getVirtualItems()) {
      if (!heads.current.has(key)) heads.current.set(key, headOf(rows[index], index, begins));
    }
  });
}
