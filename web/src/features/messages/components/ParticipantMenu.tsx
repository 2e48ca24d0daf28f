// SPDX-License-Identifier: AGPL-3.0-or-later
import { Crown, UserRoundMinus } from "lucide-react";
import { useState } from "react";

import { useConversationActions } from "@/features/messages/api";
import { strings } from "@/features/messages/strings";
import { nameOf } from "@/lib/person";
import type { Conversation } from "@/lib/types";
import { ActionMenu, type MenuAction } from "@/ui/ActionMenu";
import { Ask } from "@/ui/Dialog";

interface Props {
  conversation: Conversation;
  one: Conversation["participants"][number];
}

/** What the admin of a group can do about somebody in it. */
export function ParticipantMenu({ conversation, one }: Props) {
  const [asked, setAsked] = useState<"remove" | "hand over" | null>(null);
  const { remove, handOver } = useConversationActions(conversation.id);
  const name = nameOf(one);
  const close = () => setAsked(null);
  const given = { userId: one.userId, name };
  const actions: MenuAction[] = [
    { id: "remove", label: strings.remove, icon: UserRoundMinus, tone: "bad", run: () => setAsked("remove") },
  ];
  if (one.membership === "join") {
    actions.unshift({ id: "hand-over", label: strings.handOver, icon: Crown, run: () => setAsked("hand over") });
  }
  return (
    <>
      <ActionMenu label={strings.more(name)} actions={actions} />
      <Ask
        title={strings.removeTitle(name)}
        text={strings.removeText}
        confirm={strings.remove}
        open={asked === "remove"}
        busy={remove.isPending}
        onClose={close}
        onConfirm={() => remove.mutate(given, { onSettled: close })}
      />
      <Ask
        title={strings.handOverTitle(name)}
        text={strings.handOverText}
        confirm={strings.handOver}
        open={asked === "hand over"}
        busy={handOver.isPending}
        onClose={close}
        onConfirm={() => handOver.mutate(given, { onSettled: close })}
      />
    </>
  );
}
