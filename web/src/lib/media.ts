// SPDX-License-Identifier: AGPL-3.0-or-later
// Whether a media query holds, where CSS alone cannot make the difference.
import { useCallback, useSyncExternalStore } from "react";

/** True while it holds. */
export function useMedia(query: string): boolean {
  const listen = useCallback(
    (changed: () => void) => {
      const media = matchMedia(query);
      media.addEventListener("change", changed);
      return () => media.removeEventListener("change", changed);
    },
    [query],
  );
  return useSyncExternalStore(listen, () => matchMedia(query).matches);
}
