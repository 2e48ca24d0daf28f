// SPDX-License-Identifier: AGPL-3.0-or-later
// What a conversation is called, and whose picture stands for it.
import { strings } from "@/features/messages/strings";
import { nameOf } from "@/lib/person";
import type { Conversation, InboxEntry } from "@/lib/types";

type Participant = Conversation["participants"][number];
type Named = Pick<Conversation, "name" | "participants" | "type">;

/** Everybody else, whoever left last. */
export function othersOf(conversation: Named, me: string): readonly Participant[] {
  const others = conversation.participants.filter(({ userId }) => userId !== me);
  const present = others.filter(({ membership }) => membership === "join" || membership === "invite");
  return present.length > 0 ? present : others;
}

/** The other one of a 1:1. */
export const otherOf = (conversation: Named, me: string): Participant | null =>
  conversation.type === "direct" ? (othersOf(conversation, me)[0] ?? null) : null;

/** The group's name, else its people's. */
export function titleOf(conversation: Named, me: string): string {
  if (conversation.type === "group" && conversation.name) return conversation.name;
  const names = othersOf(conversation, me).map(nameOf);
  if (names.length === 0) return conversation.name ?? strings.nobody;
  if (names.length < 4) return names.join(", ");
  return `${names.slice(0, 3).join(", ")} +${names.length - 3}`;
}

/** The newest message in a line. */
export function excerptOf({ lastMessage, type }: InboxEntry, me: string): string {
  if (!lastMessage) return strings.silent;
  const { sender, senderName, excerpt, kind } = lastMessage;
  const said = excerpt || strings.kinds[kind] || "";
  if (sender === me) return strings.you + said;
  return type === "group" && senderName ? `${senderName}: ${said}` : said;
}
