// SPDX-License-Identifier: AGPL-3.0-or-later
import { useCallback, useRef } from "react";

import { live } from "@/lib/live/hub";

/** Milliseconds after which "I am typing" is said again (D31). */
const AGAIN = 4000;

/** Tells the others that one types: at once, every four seconds, and when it is over. */
export function useTypingSignal(room: string): (typing: boolean) => void {
  const said = useRef(0);
  return useCallback(
    (typing: boolean) => {
      const now = Date.now();
      if (typing ? now - said.current < AGAIN : said.current === 0) return;
      said.current = typing ? now : 0;
      live.tell({ type: "typing", room, typing });
    },
    [room],
  );
}
