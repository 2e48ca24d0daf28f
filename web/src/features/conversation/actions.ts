// SPDX-License-Identifier: AGPL-3.0-or-later
// What one does with a message: shown at once, told to the server, taken back if it refuses.
import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";

import * as api from "@/features/conversation/api";
import { useHere } from "@/features/conversation/hooks";
import type { Conversation } from "@/features/conversation/model/conversation";
import { patched } from "@/features/conversation/model/timeline";
import { removeLater } from "@/features/conversation/removing";
import { strings } from "@/features/conversation/strings";
import type { Message, Reaction } from "@/lib/message";
import { handleError } from "@/lib/report";
import { toast } from "@/lib/toasts";

/** The conversation (room or thread) a message is shown in. */
export const ConversationContext = createContext<Conversation | null>(null);

/** A reaction given or taken back, before the server knows. */
function toggled(reactions: Reaction[], key: string, me: string, on: boolean): Reaction[] {
  const known = reactions.find((one) => one.key === key);
  const person = { userId: me, name: null, eventId: `mine ${key}` };
  if (on && !known) return [...reactions, { key, count: 1, mine: person.eventId, people: [person] }];
  return reactions
    .map((one) =>
      one === known
        ? {
            ...one,
            count: one.count + (on ? 1 : -1),
            mine: on ? person.eventId : null,
            people: on ? [...one.people, person] : one.people.filter((who) => who.userId !== me),
          }
        : one,
    )
    .filter((one) => one.count > 0);
}

/** Put a text where it can be pasted from. */
export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(strings.copied);
  } catch {
    toast(strings.copyFailed, { tone: "bad" });
  }
}

/** What can be done with a message here. */
export function useMessageActions() {
  const { room, me } = useHere();
  const conversation = useContext(ConversationContext);
  const client = useQueryClient();

  /** Show it, say it; put back what was if the server does not want it. */
  async function attempt(
    message: Message,
    change: (old: Message) => Message,
    told: () => Promise<Partial<Message> | void>,
  ): Promise<boolean> {
    const set = (next: (old: Message) => Message) =>
      conversation?.change((timeline) => patched(timeline, message.eventId, next));
    set(change);
    try {
      const more = await told();
      if (more) set((old) => ({ ...old, ...more }));
      return true;
    } catch (error) {
      set((old) => ({ ...old, ...message }));
      toast(handleError("message", error), { tone: "bad" });
      return false;
    }
  }

  const toggle = (message: Message, key: string): void => {
    const on = !message.reactions.some((one) => one.key === key && one.mine !== null);
    void attempt(
      message,
      (old) => ({ ...old, reactions: toggled(old.reactions, key, me, on) }),
      async () => {
        const now = await api.react(room.roomId, message.eventId, key, on);
        // What the server says now is all there is, whether its frame comes before or after.
        return now && { reactions: now.reactions };
      },
    );
  };

  const edit = (message: Message, text: string, mentions: Message["mentions"]): Promise<boolean> =>
    attempt(
      message,
      (old) => ({ ...old, body: text, formattedBody: null, mentions, editedAt: Date.now(), txnId: old.txnId ?? "" }),
      async () => {
        await api.edit(room.roomId, message.eventId, text, mentions);
      },
    );

  const remove = (message: Message): void => removeLater(room.roomId, message.eventId);

  const pin = async (message: Message): Promise<void> => {
    const on = !message.pinned;
    await attempt(
      message,
      (old) => ({ ...old, pinned: on }),
      () => api.pin(room.roomId, message.eventId, on),
    );
    await client.invalidateQueries({ queryKey: ["pins", room.roomId] });
  };

  return { toggle, edit, remove, pin };
}
