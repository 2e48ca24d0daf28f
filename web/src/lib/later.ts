// SPDX-License-Identifier: AGPL-3.0-or-later
// Parts of the page that the first sight of it does not need.
import { useEffect, useState } from "react";

import { logError } from "@/lib/report";

/** Milliseconds after which what may come later is fetched: what the page needs is on its way by then. */
const REST = 400;
/** Milliseconds after which it is fetched even if the page never rests. */
const LATEST = 3000;

/**
 * Fetch a part of the app once the page is at rest, or at once when it is wanted.
 * Null until then; when it cannot be fetched, the next wish tries again and the page goes on.
 */
export function useLater<Part extends object>(load: () => Promise<Part>, wanted: boolean): Part | null {
  const [part, setPart] = useState<Part | null>(null);
  useEffect(() => {
    if (part) return undefined;
    let gone = false;
    const get = async () => {
      try {
        const got = await load();
        if (!gone) setPart(got);
      } catch (error) {
        // Nobody misses it yet: what is wrong with the network others will say.
        if (wanted) logError("later", error);
      }
    };
    let idle = 0;
    const rest = () => {
      // Not every browser says when it has nothing to do.
      if ("requestIdleCallback" in globalThis) idle = requestIdleCallback(() => void get(), { timeout: LATEST });
      else void get();
    };
    const waiting = setTimeout(() => (wanted ? void get() : rest()), wanted ? 0 : REST);
    return () => {
      gone = true;
      clearTimeout(waiting);
      if (idle) cancelIdleCallback(idle);
    };
  }, [load, part, wanted]);
  return part;
}
