// SPDX-License-Identifier: AGPL-3.0-or-later
// Who is here, as the connection says it; nothing is known of whoever does not show it.
import { create } from "zustand";

import type { Frame } from "@/lib/live/frames";

export const usePresence = create<{ online: Readonly<Record<string, boolean>> }>(() => ({ online: {} }));

/** Take what a frame says about who is here. */
export function takePresence(frame: Frame): void {
  const found: Record<string, boolean> = {};
  if (frame.event === "presence") found[frame.userId] = frame.presence === "online";
  if (frame.event === "subscribed") for (const user of frame.online) found[user] = true;
  if (Object.keys(found).length === 0) return;
  usePresence.setState(({ online }) => ({ online: { ...online, ...found } }));
}

/** Within this many milliseconds somebody counts as here. */
const HERE = 120_000;

const isRecent = (iso: string | null, now: number = Date.now()): boolean =>
  iso !== null && now - Date.parse(iso) < HERE;

/** Whether somebody is here: the connection's word, else what a list said, else how lately active. */
export function useIsHere(userId: string | null, lastActiveAt: string | null = null, listed: boolean | null = null): boolean {
  const known = usePresence(({ online }) => (userId === null ? undefined : online[userId]));
  return known ?? listed ?? isRecent(lastActiveAt);
}
