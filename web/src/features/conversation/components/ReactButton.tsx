// SPDX-License-Identifier: AGPL-3.0-or-later
import { SmilePlus } from "lucide-react";
import { useRef, useState } from "react";

import { useMessageActions } from "@/features/conversation/actions";
import { usePopups } from "@/features/conversation/popups";
import { strings } from "@/features/conversation/strings";
import type { Message } from "@/lib/message";
import { Button } from "@/ui/Button";

/** The way to feelings about a message. */
export function ReactButton({ message, onHeld }: { message: Message; onHeld: (held: boolean) => void }) {
  const { toggle } = useMessageActions();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const popups = usePopups(open);
  const change = (now: boolean) => {
    setOpen(now);
    onHeld(now);
  };
  return (
    <>
      <Button ref={button} look="ghost" aria-label={strings.react} aria-expanded={open} onPress={() => change(true)}>
        <SmilePlus className="size-4.5" />
      </Button>
      {popups && (
        <popups.ReactChoices
          triggerRef={button}
          open={open}
          onClose={() => change(false)}
          onPick={(emoji) => toggle(message, emoji)}
        />
      )}
    </>
  );
}
