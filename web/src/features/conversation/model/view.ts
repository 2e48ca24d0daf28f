// SPDX-License-Identifier: AGPL-3.0-or-later
// A conversation as it is drawn.
import type { Pending } from "@/features/conversation/model/outbox";
import { EMPTY, type Edge, type Timeline } from "@/features/conversation/model/timeline";

interface Goal {
  eventId: string | null;
  /** Pixels of it above the view, where one was before; null: it is shown as what was asked for. */
  into: number | null;
  nonce: number;
}

export interface View {
  status: "loading" | "ready" | "failed";
  error: unknown;
  timeline: Timeline;
  pending: readonly Pending[];
  fetching: "before" | "after" | null;
  /** What the next drawing goes to: an event to show, or the end. */
  goTo: Goal | null;
  /** Who types. */
  typing: readonly string[];
  online: readonly string[];
  /** The first event that was new when one came (back); a line stands above it. */
  fresh: string | null;
  /** When writing is possible again after the last refusal (ms since 1970). */
  slowUntil: number | null;
}

/** Before anything is known of it. */
export const UNSEEN: View = {
  status: "loading",
  error: null,
  timeline: EMPTY,
  pending: [],
  fetching: null,
  goTo: null,
  typing: [],
  online: [],
  fresh: null,
  slowUntil: null,
};

/** How more is asked for at an edge. */
export const asked = (edge: NonNullable<Edge>, side: "before" | "after"): Record<string, string> =>
  "cursor" in edge ? { [side]: edge.cursor } : edge;
