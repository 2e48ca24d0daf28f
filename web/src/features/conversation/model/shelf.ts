// SPDX-License-Identifier: AGPL-3.0-or-later
// The last messages of a room as this browser keeps them, for a time without a connection.
import { EMPTY, type Timeline } from "@/features/conversation/model/timeline";
import type { View } from "@/features/conversation/model/view";
import { keepMessages, recallMessages } from "@/lib/kept";
import type { Item } from "@/lib/message";

/** Milliseconds at rest until what is shown is kept. */
const REST = 1000;

export class Shelf {
  /** What is shown is what was kept, not what the server said just now. */
  old = false;
  #keeping: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly roomId: string,
    /** Whether it is the room; threads are not kept. */
    private readonly whole: boolean,
    private readonly view: () => View,
  ) {}

  /** Keep what is shown, once it rests. */
  keepSoon(): void {
    if (!this.whole || this.old) return;
    clearTimeout(this.#keeping);
    this.#keeping = setTimeout(() => {
      const { status, timeline } = this.view();
      // Only what ends at the present is "the last messages".
      if (status === "ready" && timeline.after === null) keepMessages(this.roomId, timeline.items);
    }, REST);
  }

  /** What was kept, when the room cannot be fetched; null when that is nothing. */
  async recall(error: unknown): Promise<Timeline | null> {
    const items = this.whole ? await recallMessages<Item>(this.roomId, error) : undefined;
    const first = items?.[0];
    if (!items || !first) return null;
    this.old = true;
    return { ...EMPTY, items, before: { around: first.eventId } };
  }
}
