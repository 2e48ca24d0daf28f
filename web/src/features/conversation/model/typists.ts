// SPDX-License-Identifier: AGPL-3.0-or-later
// Who is typing: as long as the server lists them, which ends six seconds after their last sign.

/** Milliseconds after which a person counts as done whose end nobody told, the homeserver having stopped. */
const LOST = 60_000;

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
    if (typing) this.#timers.set(user, setTimeout(() => this.set(user, false), LOST));
    else this.#timers.delete(user);
    if (known !== typing) this.#say();
  }

  /** These type now, and nobody else. */
  replace(users: readonly string[]): void {
    for (const user of this.#timers.keys()) if (!users.includes(user)) this.set(user, false);
    for (const user of users) this.set(user, true);
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
