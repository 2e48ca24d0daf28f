// SPDX-License-Identifier: AGPL-3.0-or-later
import { useCallback, useLayoutEffect, useRef } from "react";

/**
 * The same function at every drawing, that does what the newest one does: what it is given to need
 * not be drawn again. For handlers; never to be called while drawing.
 */
export function useSteady<Taken extends unknown[], Given>(newest: (...taken: Taken) => Given): (...taken: Taken) => Given {
  const now = useRef(newest);
  useLayoutEffect(() => {
    now.current = newest;
  });
  return useCallback((...taken: Taken) => now.current(...taken), []);
}
