// SPDX-License-Identifier: AGPL-3.0-or-later
import { othersOf } from "@/features/messages/naming";
import { useIsHere } from "@/lib/presence";
import { useMe } from "@/lib/session";
import type { Conversation } from "@/lib/types";
import { Avatar } from "@/ui/Avatar";

interface Props {
  conversation: Pick<Conversation, "name" | "participants" | "type">;
  lastActiveAt?: string | null;
}

/** Whose picture stands for a conversation; of a group two, one over the other. */
export function Picture({ conversation, lastActiveAt = null }: Props) {
  const { userId } = useMe();
  const [first, second] = othersOf(conversation, userId);
  const direct = conversation.type === "direct";
  const here = useIsHere(direct ? (first?.userId ?? null) : null, lastActiveAt);
  if (!first) return <span aria-hidden="true" className="emoji-tile rounded-full" />;
  if (direct || !second) {
    return (
      <span className="relative shrink-0">
        <Avatar person={first} size={40} />
        {here && <span aria-hidden="true" className="luminous-dot absolute end-0 bottom-0" />}
      </span>
    );
  }
  return (
    <span className="relative size-10 shrink-0">
      <span className="absolute top-0 start-0">
        <Avatar person={second} size={24} />
      </span>
      <span className="absolute end-0 bottom-0 rounded-full ring-2 ring-raised">
        <Avatar person={first} size={24} />
      </span>
    </span>
  );
}
