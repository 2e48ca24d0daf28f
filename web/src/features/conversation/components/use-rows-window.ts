// SPDX-License-Identifier: AGPL-3.0-or-later
// Which rows of a conversation are in the document. It begins where it will be read, with the heights
// of the last time, so that a room one comes back to is drawn once and not twice.
import { type VirtualItem, useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useLayoutEffect } from "react";

import { useAnchor } from "@/features/conversation/components/use-anchor";
import type { Conversation } from "@/features/conversation/model/conversation";
import type { Row } from "@/features/conversation/model/rows";
import { isSystem } from "@/lib/message";

/** Pixels from the end that still count as the end. */
export const NEAR = 96;
/** Pixels before the first row while more can be fetched, and behind the last. */
const BEFORE = 56;
const BEHIND = 8;

/** Pixels of a window's height that are not the first conversation's: head, composer, edges. */
const AROUND = 180;

/** The last windows' sizes in pixels: the next of its kind is most likely as large. */
const sizes = { room: { width: 0, height: innerHeight - AROUND }, thread: { width: 0, height: innerHeight - AROUND } };
/** Measured rows by conversation, for one width. */
const measured = new WeakMap<Conversation, { width: number; items: VirtualItem[] }>();

const guess = (row: Row | undefined): number => {
  if (!row) return 44;
  const item = row.item;
  const extra = (row.day === null ? 0 : 44) + (row.fresh ? 44 : 0) + (row.first ? 28 : 4);
  if (!item || isSystem(item)) return 36 + extra;
  const lines = Math.max(1, Math.ceil(item.body.length / 70));
  const quoted = (item.replyTo ? 32 : 0) + (item.reactions.length ? 30 : 0) + (item.thread ? 36 : 0);
  return 18 + lines * 22 + extra + quoted + (item.attachment ? 220 : 0);
};

/** Where to begin: at the first row asked for, else at the end. */
function beginning(rows: readonly Row[], known: readonly VirtualItem[], before: number, from: number, height: number): number {
  const heights = new Map(known.map((item) => [item.key, item.size]));
  const heightOf = (row: Row): number => heights.get(row.key) ?? guess(row);
  if (from >= 0) return before + rows.slice(0, from).reduce((sum, row) => sum + heightOf(row), 0);
  const all = rows.reduce((sum, row) => sum + heightOf(row), before + BEHIND);
  return Math.max(0, all - height);
}

/** The rows in view and a few around them; `from` is the row it begins with, less than 0 for the end. */
export function useRowsWindow(
  conversation: Conversation,
  rows: readonly Row[],
  box: RefObject<HTMLDivElement | null>,
  { older, from }: { older: boolean; from: () => number },
) {
  const before = older ? BEFORE : 0;
  const kind = conversation.scope.threadRoot === null ? "room" : "thread";
  const size = sizes[kind];
  const known = measured.get(conversation);
  const items = known?.width === size.width ? known.items : [];
  // Its functions change with it; nothing here keeps one of them.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: (at) => guess(rows[at]),
    getItemKey: (at) => rows[at]?.key ?? at,
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: NEAR,
    overscan: 6,
    paddingStart: before,
    paddingEnd: BEHIND,
    initialRect: size,
    initialMeasurementsCache: items,
    initialOffset: () => beginning(rows, items, before, from(), size.height),
  });
  useAnchor(virtual, rows, !older, before);
  useLayoutEffect(
    () => () => {
      if (!virtual.scrollRect?.height) return;
      sizes[kind] = virtual.scrollRect;
      measured.set(conversation, { width: sizes[kind].width, items: virtual.takeSnapshot() });
    },
    [conversation, kind, virtual],
  );
  return virtual;
}
