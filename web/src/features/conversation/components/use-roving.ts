// SPDX-License-Identifier: AGPL-3.0-or-later
// One message at a time takes the focus (arrows, Home, End), and one at a time shows what can be
// done with it.
import type { VirtualItem } from "@tanstack/react-virtual";
import { type KeyboardEvent, type RefObject, useCallback, useRef, useState } from "react";

import type { Row } from "@/features/conversation/model/rows";

export interface Roving {
  /** Whether Tab leads here. */
  tabbable: boolean;
  active: boolean;
  onActive: (key: string, focused: boolean) => void;
  /** A menu of it is open: nothing else becomes active meanwhile. */
  onHeld: (held: boolean) => void;
}

const STEPS: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowUp: (at) => at - 1,
  ArrowDown: (at) => at + 1,
  Home: () => 0,
  End: (_, last) => last,
};

export function useRoving(
  rows: readonly Row[],
  shown: readonly VirtualItem[],
  box: RefObject<HTMLDivElement | null>,
  bring: (at: number) => void,
) {
  const [focus, setFocus] = useState<string | null>(null);
  const [active, setActive] = useState<string | null>(null);
  const held = useRef(false);
  const mounted = shown.map((item) => rows[item.index]?.key);
  const tabbable = focus !== null && mounted.includes(focus) ? focus : (mounted.at(-1) ?? null);

  function toRow(at: number): void {
    const row = rows[at];
    if (!row) return;
    setFocus(row.key);
    bring(at);
    // It may have to be drawn first.
    let tries = 20;
    const seek = () => {
      const found = box.current?.querySelector<HTMLElement>(`[data-index="${at}"] [data-row]`);
      if (found) found.focus({ preventScroll: true });
      else if ((tries -= 1)) requestAnimationFrame(seek);
    };
    requestAnimationFrame(seek);
  }

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = STEPS[event.key];
    const { target } = event;
    if (!step || !(target instanceof HTMLElement) || event.altKey || event.ctrlKey || event.metaKey) return;
    if (target !== event.currentTarget && !target.hasAttribute("data-row")) return;
    event.preventDefault();
    const at = Number(target.closest<HTMLElement>("[data-index]")?.dataset.index ?? rows.length);
    toRow(Math.min(rows.length - 1, Math.max(0, step(at, rows.length - 1))));
  };

  const onActive = useCallback((key: string, focused: boolean) => {
    if (focused) setFocus(key);
    if (!held.current) setActive(key);
  }, []);
  const onHeld = useCallback((now: boolean) => {
    held.current = now;
  }, []);

  return {
    of: (key: string): Roving => ({
      tabbable: key === tabbable,
      active: key === active,
      onActive,
      onHeld,
    }),
    toEvent: (at: number) => setFocus(rows[at]?.key ?? null),
    onKeyDown,
    onPointerLeave: () => {
      if (!held.current && !box.current?.contains(document.activeElement)) setActive(null);
    },
  };
}
