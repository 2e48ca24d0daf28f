// SPDX-License-Identifier: AGPL-3.0-or-later
// The same frames by long polling, where WebSockets do not get through.
import { call } from "@/lib/api";
import { delayBefore } from "@/lib/live/backoff";
import { type Frame, roomOf } from "@/lib/live/frames";
import type { LinkState } from "@/lib/live/state";

interface Answer {
  position: number | null;
  frames: Frame[];
}

interface Ears {
  frame: (frame: Frame) => void;
  state: (state: LinkState, retryAt: number | null) => void;
}

/** Seconds the server may wait for something to happen. */
const WAITS = 25;
/** Beside the rooms: into which ones one comes, and out of which. */
const MINE = "mine";

export class Poller {
  #ears: Ears;
  #rooms = new Map<string, AbortController>();

  constructor(ears: Ears) {
    this.#ears = ears;
  }

  follow(room: string, position: number | null): void {
    const path = `/api/v1/rooms/${encodeURIComponent(room)}/events`;
    void this.#loop(path, position, this.#begin(room), this.#ears.frame);
  }

  /** Hear of one's own memberships. */
  followMine(): void {
    void this.#loop("/api/v1/events", null, this.#begin(MINE), (frame) => {
      // Whoever hears the room gets it there.
      if (!this.#rooms.has(roomOf(frame) ?? "")) this.#ears.frame(frame);
    });
  }

  #begin(name: string): AbortSignal {
    this.leave(name);
    const stop = new AbortController();
    this.#rooms.set(name, stop);
    return stop.signal;
  }

  leave(room: string): void {
    this.#rooms.get(room)?.abort();
    this.#rooms.delete(room);
  }

  stop(): void {
    for (const room of this.#rooms.keys()) this.leave(room);
  }

  async #loop(path: string, from: number | null, signal: AbortSignal, hear: Ears["frame"]): Promise<void> {
    let since = from;
    let attempt = 0;
    while (!signal.aborted) {
      const query = { timeout: WAITS, ...(since === null ? {} : { since }) };
      try {
        // One answer begins where the one before ended.
        // oxlint-disable-next-line no-await-in-loop
        const answer = await call<Answer>("GET", path, { query, signal });
        attempt = 0;
        this.#ears.state("online", null);
        for (const frame of answer.frames) hear(frame);
        since = answer.position;
        // A homeserver without positions cannot wait for the next one either.
        // oxlint-disable-next-line no-await-in-loop
        if (since === null) await pause(WAITS * 200, signal);
      } catch {
        if (signal.aborted) return;
        const wait = delayBefore(attempt);
        attempt += 1;
        this.#ears.state("offline", Date.now() + wait);
        // oxlint-disable-next-line no-await-in-loop
        await pause(wait, signal);
      }
    }
  }
}

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
