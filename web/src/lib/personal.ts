// SPDX-License-Identifier: AGPL-3.0-or-later
// What this browser keeps of what one writes: gone when one signs out, in all tabs.

const PREFIX = "kith.mine.";
const forgetting = new Set<() => void>();

/** A place for what somebody writes; `null` where the browser forbids even looking. */
export function readPersonal(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** Write it down, null for nothing; where the browser is full or forbids it, it holds as long as the page. */
export function writePersonal(name: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, text);
  } catch {
    // As said.
  }
}

/** Hear what another tab wrote down. */
export function onPersonal(name: string, hear: (text: string | null) => void): void {
  globalThis.addEventListener?.("storage", ({ key, newValue }) => key === PREFIX + name && hear(newValue));
}

/** Called when everything is to be forgotten. */
export const onForget = (forget: () => void): void => void forgetting.add(forget);

/** Forget everything that was written in this browser. */
export function forgetPersonal(): void {
  for (const forget of forgetting) forget();
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch {
    // Nothing could be kept either.
  }
}
