// SPDX-License-Identifier: AGPL-3.0-or-later
// What failed is tried again by itself: later and later, or as soon as it is worth trying.
import { delayBefore } from "@/lib/live/backoff";

export class Patience {
  #vain = 0;
  #end: (() => void) | undefined;

  /** Wait before the next try. */
  async rest(): Promise<void> {
    const wait = delayBefore(this.#vain);
    this.#vain += 1;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, wait);
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** It went well, or is worth trying again: nobody waits any more. */
  over(): void {
    this.#vain = 0;
    this.#end?.();
  }
}
