// SPDX-License-Identifier: AGPL-3.0-or-later
import { type FocusEvent, type KeyboardEvent, useState } from "react";

/**
 * One stop of Tab for a whole list: arrows, Home and End go on within it. Rows carry `data-row`
 * with their id.
 */
export function useRows(ids: readonly string[]) {
  const [at, setAt] = useState<string | null>(null);
  const stop = at !== null && ids.includes(at) ? at : ids[0];
  const list = {
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-row]")];
      const now = rows.findIndex((row) => row.contains(document.activeElement));
      const next = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: rows.length - 1 }[event.key];
      if (now < 0 || next === undefined || !rows[next]) return;
      event.preventDefault();
      rows[next].focus();
    },
    onFocus: (event: FocusEvent<HTMLElement>) => {
      const row = event.target.closest<HTMLElement>("[data-row]");
      if (row?.dataset.row) setAt(row.dataset.row);
    },
  };
  const row = (id: string) => ({ "data-row": id, tabIndex: id === stop ? 0 : -1 });
  return { list, row };
}
