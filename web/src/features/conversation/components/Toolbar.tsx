// SPDX-License-Identifier: AGPL-3.0-or-later
// What can be done with a message, beside it.
import { CornerUpLeft, MessagesSquare, Pencil } from "lucide-react";

import { MoreMenu } from "@/features/conversation/components/MoreMenu";
import { ReactButton } from "@/features/conversation/components/ReactButton";
import { useHere } from "@/features/conversation/hooks";
import { strings } from "@/features/conversation/strings";
import type { Message } from "@/lib/message";
import { Button } from "@/ui/Button";

interface Props {
  message: Message;
  inThread: boolean;
  onHeld: (held: boolean) => void;
}

export function Toolbar({ message, inThread, onHeld }: Props) {
  const { me, room, reply, edit, openThread } = useHere();
  const mine = message.sender === me;
  const may = room.can.send;
  return (
    <div role="toolbar" aria-label={strings.more} className="toolbar">
      {may && <ReactButton message={message} onHeld={onHeld} />}
      {may && (
        <Button look="ghost" aria-label={strings.reply} onPress={() => reply(message)}>
          <CornerUpLeft className="size-4.5" />
        </Button>
      )}
      {may && !inThread && message.threadRoot === null && (
        <Button look="ghost" aria-label={strings.thread} onPress={() => openThread(message.eventId)}>
          <MessagesSquare className="size-4.5" />
        </Button>
      )}
      {may && mine && message.kind !== "sticker" && message.kind !== "encrypted" && (
        <Button look="ghost" aria-label={strings.edit} onPress={() => edit(message)}>
          <Pencil className="size-4.5" />
        </Button>
      )}
      <MoreMenu message={message} onHeld={onHeld} />
    </div>
  );
}
