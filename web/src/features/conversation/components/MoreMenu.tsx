// SPDX-License-Identifier: AGPL-3.0-or-later
// What is rarely done with a message, behind three dots.
import { Copy, Ellipsis, Eye, Link2, type LucideIcon, Pin, PinOff, SmilePlus, Trash2 } from "lucide-react";
import { useEffect, useState } from "react";
import { Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";

import { copy, useMessageActions } from "@/features/conversation/actions";
import { WhoDialog } from "@/features/conversation/components/WhoDialog";
import { useHere } from "@/features/conversation/hooks";
import { strings } from "@/features/conversation/strings";
import type { Message } from "@/lib/message";
import { Button } from "@/ui/Button";

interface Act {
  id: string;
  label: string;
  icon: LucideIcon;
  run: () => void;
  bad?: boolean;
}

export function MoreMenu({ message, onHeld }: { message: Message; onHeld: (held: boolean) => void }) {
  const { me, room } = useHere();
  const { remove, pin } = useMessageActions();
  const [open, setOpen] = useState<"readers" | "reactors" | null>(null);
  // Once drawn: the menu that it was chosen from has let go by then.
  useEffect(() => {
    if (open === null) return undefined;
    onHeld(true);
    return () => onHeld(false);
  }, [open, onHeld]);
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
      <MenuTrigger onOpenChange={(now) => onHeld(now || open !== null)}>
        <Button look="ghost" aria-label={strings.more}>
          <Ellipsis className="size-4.5" />
        </Button>
        <Popover placement="bottom end" className="rise z-40">
          <Menu className="menu" aria-label={strings.more} onAction={(key) => offered.find(({ id }) => id === key)?.run()}>
            {offered.map(({ id, label, icon: Icon, bad }) => (
              <MenuItem key={id} id={id} textValue={label} className="menu-item" data-tone={bad ? "bad" : undefined}>
                <Icon aria-hidden="true" className="size-4.5" />
                {label}
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
      {open && <WhoDialog message={message} what={open} onClose={() => setOpen(null)} />}
    </>
  );
}
