// SPDX-License-Identifier: AGPL-3.0-or-later
// Who took one out of a room, and what they said to it.
import { queryOptions } from "@tanstack/react-query";
import { create } from "zustand";

import { call } from "@/lib/api";
import type { Camel } from "@/lib/case";
import type { Frame } from "@/lib/live/frames";
import { roomPath } from "@/lib/rooms";
import type { components } from "@/lib/schema";

export type Removal = Camel<components["schemas"]["RemovalModel"]>;

/** Asked about a room that is gone; a refusal says that nobody removed one. */
export const removalQuery = (room: string) =>
  queryOptions({
    queryKey: ["removal", room],
    queryFn: ({ signal }) => call<Removal>("GET", `${roomPath(room)}/removal`, { signal }),
    staleTime: 0,
    retry: false,
  });

const useReasons = create<{ reasons: Readonly<Record<string, string>> }>(() => ({ reasons: {} }));

/** Take what a frame says about one's own removal. */
export function takeRemoval(frame: Frame, me: string): void {
  if (frame.event !== "member:changed" || frame.userId !== me || frame.sender === me || !frame.reason) return;
  if (frame.membership !== "leave" && frame.membership !== "ban") return;
  const { roomId, reason } = frame;
  useReasons.setState(({ reasons }) => ({ reasons: { ...reasons, [roomId]: reason } }));
}

/** What was said to it, as far as this window has heard. */
export const useReason = (roomId: string | undefined): string | null =>
  useReasons(({ reasons }) => reasons[roomId ?? ""] ?? null);
