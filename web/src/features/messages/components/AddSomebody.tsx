// SPDX-License-Identifier: AGPL-3.0-or-later
import { useQuery } from "@tanstack/react-query";
import { UserRoundPlus } from "lucide-react";
import { useState } from "react";

import { offeredQuery, useConversationActions } from "@/features/messages/api";
import { strings } from "@/features/messages/strings";
import { handleOf, nameOf } from "@/lib/person";
import { useMe } from "@/lib/session";
import type { Conversation } from "@/lib/types";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { SkeletonRows } from "@/ui/States";
import { strings as ui } from "@/ui/strings";

/** Invite a friend into the group. */
export function AddSomebody({ conversation }: { conversation: Conversation }) {
  const [open, setOpen] = useState(false);
  const { home } = useMe();
  const { data, isPending } = useQuery({ ...offeredQuery, enabled: open });
  const { add } = useConversationActions(conversation.id);
  const inside = new Set(
    conversation.participants.filter(({ membership }) => membership === "join" || membership === "invite").map(({ userId }) => userId),
  );
  const friends = (data?.friends ?? []).filter(({ userId }) => !inside.has(userId));
  return (
    <>
      <Button small look="outline" className="mt-2 w-full" onPress={() => setOpen(true)}>
        <UserRoundPlus aria-hidden="true" className="size-4" /> {strings.add}
      </Button>
      <Dialog title={strings.add} open={open} onClose={() => setOpen(false)}>
        <p className="mb-2 text-sm text-quiet">{strings.addHint}</p>
        {isPending && <SkeletonRows count={3} label={ui.onTheWay(strings.offered)} />}
        <ul aria-label={strings.offered} className="-mx-1 grid max-h-80 gap-0.5 overflow-y-auto p-1">
          {friends.map((friend) => (
            <li key={friend.userId}>
              <button
                type="button"
                className="place-item w-full text-start text-ink"
                onClick={() => add.mutate(friend.userId, { onSuccess: () => setOpen(false) })}
              >
                <Avatar person={friend} size={32} />
                <span className="truncate font-semibold"><bdi>{nameOf(friend)}</bdi></span>
                <span className="truncate text-sm text-quiet"><bdi>{handleOf(friend.userId, home)}</bdi></span>
              </button>
            </li>
          ))}
        </ul>
        {data && friends.length === 0 && <p className="text-quiet">{strings.allHere}</p>}
      </Dialog>
    </>
  );
}
