// SPDX-License-Identifier: AGPL-3.0-or-later
// The conversations that were looked at last: coming back to them is instant.
import { Conversation } from "@/features/conversation/model/conversation";
import type { Scope } from "@/features/conversation/model/timeline";
import { onForget } from "@/lib/personal";

const KEPT = 6;
const kept = new Map<string, Conversation>();

onForget(() => {
  for (const one of kept.values()) one.forget();
  kept.clear();
});

/** The conversation under this name, the same one as long as it is kept. */
export function conversationOf(roomId: string, scope: Scope): Conversation {
  const key = [scope.me, roomId, scope.threadRoot ?? ""].join(" ");
  const found = kept.get(key) ?? new Conversation(roomId, scope);
  kept.delete(key);
  kept.set(key, found);
  for (const [old, one] of kept) {
    if (kept.size <= KEPT) break;
    // What has not been sent yet is not thrown away.
    if (old !== key && !one.store.getState().pending.length) kept.delete(old);
  }
  return found;
}
