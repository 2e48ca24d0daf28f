// SPDX-License-Identifier: AGPL-3.0-or-later
// Where the keyboard goes on when a message is deleted under it.
import { type RefObject, useEffect, useRef } from "react";

/** Milliseconds until the menu that said "delete" has closed and let go of the focus. */
const CLOSED = 120;

/** A message that one was at and that is gone takes the focus its buttons had. */
export function useKeptFocus(row: RefObject<HTMLElement | null>, gone: boolean, active: boolean): void {
  const was = useRef(gone);
  useEffect(() => {
    const now = gone && !was.current && active;
    was.current = gone;
    if (!now) return;
    setTimeout(() => {
      if (document.activeElement === document.body) row.current?.focus({ preventScroll: true });
    }, CLOSED);
  }, [row, gone, active]);
}
