// SPDX-License-Identifier: AGPL-3.0-or-later
// Whether a view has come to rest where it was sent.
import { type RefObject, useEffect, useState } from "react";

/** Frames without a move that count as rest: measured rows may shift the goal for two or three. */
const FRAMES = 5;

/** False from a wish on until the box rests. The virtualiser seeks a wish by its index for some
 *  frames; rows put before it meanwhile would make that index another row's. */
export function useSettled(box: RefObject<HTMLElement | null>, wish: unknown): boolean {
  const [settledAt, setSettledAt] = useState<unknown>(null);
  useEffect(() => {
    let calm = 0;
    let last = "";
    let frame = 0;
    const watch = () => {
      const { current } = box;
      const now = current ? `${current.scrollTop}/${current.scrollHeight}` : "";
      calm = now && now === last ? calm + 1 : 0;
      last = now;
      if (calm >= FRAMES) setSettledAt(wish);
      else frame = requestAnimationFrame(watch);
    };
    frame = requestAnimationFrame(watch);
    return () => cancelAnimationFrame(frame);
  }, [box, wish]);
  return wish !== null && settledAt === wish;
}
