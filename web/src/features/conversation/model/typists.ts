// SPDX-License-Identifier: AGPL-3.0-or-later
// Who is typing: for six seconds after each sign of it.

/** Milliseconds a person types without a further sign (D31). */
const TYPES = 6000;

export class Typists {
  readonly #me: string;
  readonly #tell: (typing: readonly string[]) => void;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(me: string, tell: (typing: readonly string[]) => void) {
    this.#me = me;
    this.#tell = tell;
  }

  /** Somebody began, goes on or stopped. */
  set(user: string, typing: boolean): void {
    if (user === this.#me || (!typing && !this.#timers.has(user))) return;
    clearTimeout(this.#timers.get(user));
    const known = this.#timers.has(user);
    if (typing) this.#timers.set(user, setTimeout(() => this.set(user, false), TYPES));
    else this.#timers.delete(user);
    if (known !== typing) this.#say();
  }

  clear(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#say();
  }

  #say(): void {
    this.#tell([...this.#timers.keys()]);
  }
}
