// SPDX-License-Identifier: AGPL-3.0-or-later
// How the connection stands, for everybody who shows it.
import { create } from "zustand";

export type LinkState = "connecting" | "online" | "offline";

interface Live {
  state: LinkState;
  /** When the next try begins (ms since 1970), while there is no connection. */
  retryAt: number | null;
  /** Whether there has been a connection since the page was opened. */
  once: boolean;
}

export const useLive = create<Live>(() => ({ state: "connecting", retryAt: null, once: false }));

/** Note how the connection stands. */
export function setLink(state: LinkState, retryAt: number | null = null): void {
  const now = useLive.getState();
  const once = now.once || state === "online";
  if (now.state === state && now.retryAt === retryAt && now.once === once) return;
  useLive.setState({ state, retryAt, once });
}
