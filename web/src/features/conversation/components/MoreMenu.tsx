// SPDX-License-Identifier: AGPL-3.0-or-later
// What is rarely done with a message, behind three dots.
import { Copy, Ellipsis, Eye, Link2, Pin, PinOff, SmilePlus, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { copy, useMessageActions } from "@/features/conversation/actions";
import type { Act } from "@/features/conversation/components/MoreChoices";
import { useHere } from "@/features/conversation/hooks";
import { usePopups } from "@/features/conversation/popups";
import { strings } from "@/features/conversation/strings";
import type { Message } from "@/lib/message";
import { Button } from "@/ui/Button";

export function MoreMenu({ message, onHeld }: { message: Message; onHeld: (held: boolean) => void }) {
  const { me, room } = useHere();
  const { remove, pin } = useMessageActions();
  const button = useRef<HTMLButtonElement>(null);
  const [choosing, setChoosing] = useState(false);
  const [open, setOpen] = useState<"readers" | "reactors" | null>(null);
  const held = choosing || open !== null;
  const popups = usePopups(held);
  useEffect(() => {
    if (!held) return undefined;
    onHeld(true);
    return () => onHeld(false);
  }, [held, onHeld]);
  const mine = message.sender === me;
  const link = `${location.origin}${location.pathname}?event=${encodeURIComponent(message.eventId)}`;
  const acts: (Act | false)[] = [
    { id: "text", label: strings.copyText, icon: Copy, run: () => void copy(message.body) },
    { id: "link", label: strings.copyLink, icon: Link2, run: () => void copy(link) },
    room.can.pin && {
      id: "pin",
      label: message.pinned ? strings.unpin : strings.pin,
      icon: message.pinned ? PinOff : Pin,
      run: () => void pin(message),
    },
    { id: "readers", label: strings.whoRead, icon: Eye, run: () => setOpen("readers") },
    message.reactions.length > 0 && {
      id: "reactors",
      label: strings.whoReacted,
      icon: SmilePlus,
      run: () => setOpen("reactors"),
    },
    (mine || room.can.removeOthers) && {
      id: "remove",
      label: strings.remove,
      icon: Trash2,
      run: () => remove(message),
      bad: true,
    },
  ];
  const offered = acts.filter((act) => act !== false);
  return (
    <>
      <Button
        ref={button}
        look="ghost"
        aria-label={strings.more}
        aria-haspopup="menu"
        aria-expanded={choosing}
        onPress={() => setChoosing(true)}
        onKeyDown={({ key }) => key === "ArrowDown" && setChoosing(true)}
      >
        <Ellipsis className="size-4.5" />
      </Button>
      {popups && (
        <popups.MoreChoices triggerRef={button} acts={offered} open={choosing} onClose={() => setChoosing(false)} />
      )}
      {popups && open && <popups.WhoDialog message={message} what={open} onClose={() => setOpen(null)} />}
    </>
  );
}
