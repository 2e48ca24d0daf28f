// SPDX-License-Identifier: AGPL-3.0-or-later
// What tests of the connection put in the browser's place.
import type { Frame } from "@/lib/live/frames";

/** A WebSocket at whose other end the test sits. */
export class FakeSocket extends EventTarget {
  readyState = 0;
  readonly url: string;
  readonly sent: Record<string, unknown>[] = [];

  constructor(url = "") {
    super();
    this.url = url;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }

  /** The server says something; the first is `ready`. */
  says(frame: Record<string, unknown>): void {
    this.readyState = 1;
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(frame) }));
  }

  /** The connection ends, from either side. */
  close(code = 1005): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
}

/** Web Locks: one holder, the others wait in order. */
export class FakeLocks {
  #held = false;
  #waiting: (() => void)[] = [];

  async request(_: string, { signal }: { signal: AbortSignal }, hold: () => Promise<void>): Promise<void> {
    if (this.#held) {
      await new Promise<void>((resolve, reject) => {
        this.#waiting.push(resolve);
        signal.addEventListener("abort", () => {
          this.#waiting = this.#waiting.filter((one) => one !== resolve);
          reject(new DOMException("", "AbortError"));
        });
      });
    }
    this.#held = true;
    await hold();
    this.#held = false;
    this.#waiting.shift()?.();
  }
}

/** A BroadcastChannel among the tabs of one test. */
export class FakeChannel extends EventTarget {
  static all = new Set<FakeChannel>();

  constructor() {
    super();
    FakeChannel.all.add(this);
  }

  postMessage(data: unknown): void {
    const copy: unknown = structuredClone(data);
    for (const one of FakeChannel.all) {
      if (one !== this) queueMicrotask(() => one.#take(copy));
    }
  }

  close(): void {
    FakeChannel.all.delete(this);
  }

  #take(data: unknown): void {
    if (FakeChannel.all.has(this)) this.dispatchEvent(new MessageEvent("message", { data }));
  }
}

/** A frame of a room at a place in its order. */
export const frameAt = (roomId: string, position: number): Frame =>
  ({ event: "event:new", roomId, eventId: `$${position}`, position }) as Frame;
