// SPDX-License-Identifier: AGPL-3.0-or-later
import { SmilePlus } from "lucide-react";
import { Suspense, lazy, useState } from "react";
import { Dialog, DialogTrigger, Popover } from "react-aria-components";

import { useMessageActions } from "@/features/conversation/actions";
import { strings } from "@/features/conversation/strings";
import type { Message } from "@/lib/message";
import { Button } from "@/ui/Button";

const EmojiPanel = lazy(() => import("@/features/conversation/components/EmojiPanel"));

/** The most usual feelings, one press away. */
const USUAL = ["👍", "❤️", "😂", "🎉", "😮", "🙏"];

/** Reactions: the usual ones at once, all others behind them. */
export function ReactButton({ message, onHeld }: { message: Message; onHeld: (held: boolean) => void }) {
  const { toggle } = useMessageActions();
  const [open, setOpen] = useState(false);
  const [all, setAll] = useState(false);
  const change = (now: boolean) => {
    setOpen(now);
    setAll(false);
    onHeld(now);
  };
  const pick = (emoji: string) => {
    change(false);
    toggle(message, emoji);
  };
  return (
    <DialogTrigger isOpen={open} onOpenChange={change}>
      <Button look="ghost" aria-label={strings.react}>
        <SmilePlus className="size-4.5" />
      </Button>
      <Popover placement="top end" className="rise z-40">
        <Dialog aria-label={strings.react} className="menu">
          {all ? (
            <Suspense fallback={<div className="h-88 w-80" />}>
              <EmojiPanel onPick={pick} />
            </Suspense>
          ) : (
            <div className="flex gap-0.5">
              {USUAL.map((emoji) => (
                <Button key={emoji} look="ghost" aria-label={emoji} className="text-xl" onPress={() => pick(emoji)}>
                  {emoji}
                </Button>
              ))}
              <Button look="ghost" aria-label={strings.allEmoji} onPress={() => setAll(true)}>
                <SmilePlus className="size-5" />
              </Button>
            </div>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
