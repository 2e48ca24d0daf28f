// SPDX-License-Identifier: AGPL-3.0-or-later
// Tells the app's other tabs what happened in this one.

export type Word = "signed-out" | "signed-in" | "people-changed";

const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("kith");

export const tellTabs = (word: Word): void => channel?.postMessage(word);

/** Listen to other tabs; gives back how to stop. */
export function onTabs(listen: (word: Word) => void): () => void {
  const hear = (event: MessageEvent<Word>) => listen(event.data);
  channel?.addEventListener("message", hear);
  return () => channel?.removeEventListener("message", hear);
}
