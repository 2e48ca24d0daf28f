// SPDX-License-Identifier: AGPL-3.0-or-later
// What worker/ahead.js asked for while the app was still on its way. Each answer is taken once.

interface Begun {
  at: number;
  answer: Promise<Response>;
}

declare global {
  // A global of the page is declared so.
  // oxlint-disable-next-line no-var
  var kithBegun: Map<string, Begun> | undefined;
}

/** Milliseconds for which an answer is as good as one that is asked for now. */
const FRESH = 10_000;

/** The answer of an address that was asked for ahead, if it was and nobody has taken it. */
export function begun(path: string): Promise<Response> | undefined {
  const found = globalThis.kithBegun?.get(path);
  globalThis.kithBegun?.delete(path);
  return found && performance.now() - found.at < FRESH ? found.answer : undefined;
}

/** What was asked for under one address answers another as well. */
export function answersToo(path: string, other: string): void {
  const found = globalThis.kithBegun?.get(path);
  if (!found || path === other) return;
  globalThis.kithBegun?.delete(path);
  globalThis.kithBegun?.set(other, found);
}

/** Forget what nobody took: somebody else comes. */
export const forgetBegun = (): void => globalThis.kithBegun?.clear();
