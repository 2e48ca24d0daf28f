// SPDX-License-Identifier: AGPL-3.0-or-later
import { useNavigate } from "@tanstack/react-router";

import { useConversationActions } from "@/features/messages/api";
import { useDecline } from "@/features/messages/creating";
import { Picture } from "@/features/messages/components/Picture";
import { titleOf } from "@/features/messages/naming";
import { strings } from "@/features/messages/strings";
import { nameOf } from "@/lib/person";
import { useMe } from "@/lib/session";
import type { InboxEntry } from "@/lib/types";
import { Button } from "@/ui/Button";

/** An invitation that waits for an answer. */
export function RequestRow({ entry }: { entry: InboxEntry }) {
  const { userId } = useMe();
  const navigate = useNavigate();
  const { accept } = useConversationActions(entry.id);
  const decline = useDecline();
  const title = titleOf(entry, userId);
  const inviter = entry.invitedBy ? nameOf(entry.invitedBy) : title;
  const group = entry.type === "group";
  return (
    <li className="glass-subtle grid grid-cols-[minmax(0,1fr)] gap-2.5 p-3">
      <div className="flex items-center gap-3">
        <Picture conversation={entry} />
        <div className="min-w-0">
          <p className="truncate font-bold"><bdi>{group ? title : inviter}</bdi></p>
          <p className="wrap-anywhere text-sm text-quiet">{strings.invites(inviter, group)}</p>
        </div>
      </div>
      <div className="grid grid-cols-2 gap-2">
        <Button
          look="primary"
          small
          busy={accept.isPending}
          aria-label={`${strings.accept}: ${title}`}
          onPress={() =>
            accept.mutate(() => navigate({ to: "/messages/$conversation", params: { conversation: entry.id } }))
          }
        >
          {strings.accept}
        </Button>
        <Button small aria-label={`${strings.decline}: ${title}`} onPress={() => decline(entry)}>
          {strings.decline}
        </Button>
      </div>
    </li>
  );
}
