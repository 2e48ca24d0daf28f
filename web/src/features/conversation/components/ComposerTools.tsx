// SPDX-License-Identifier: AGPL-3.0-or-later
// What can be put into a message besides what is typed. Not drawn again at every key.
import { MessageSquareQuote, Paperclip, SendHorizontal, Smile } from "lucide-react";
import { memo, useRef, useState } from "react";

import { usePopups } from "@/features/conversation/popups";
import { strings } from "@/features/conversation/strings";
import { Button } from "@/ui/Button";

/** The way to a file. */
export const AttachButton = memo(function AttachButton({ onFiles }: { onFiles: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button look="ghost" aria-label={strings.attach} onPress={() => input.current?.click()}>
        <Paperclip className="size-5" />
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={strings.attach}
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])]);
          target.value = "";
        }}
      />
    </>
  );
});

/** Says it. */
export const SendButton = memo(function SendButton({ label, ready }: { label: string; ready: boolean }) {
  return (
    <Button type="submit" look="primary" className="size-10 min-h-10 rounded-[14px] p-0" aria-label={label} isDisabled={!ready}>
      <SendHorizontal className="size-5" />
    </Button>
  );
});

interface Opening {
  onPick: (what: string) => void;
}

/** All emoji. */
export const EmojiButton = memo(function EmojiButton({ onPick }: Opening) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const popups = usePopups(open);
  return (
    <>
      <Button ref={button} look="ghost" aria-label={strings.emoji} aria-expanded={open} onPress={() => setOpen(true)}>
        <Smile className="size-5" />
      </Button>
      {popups && <popups.EmojiChoices triggerRef={button} open={open} onClose={() => setOpen(false)} onPick={onPick} />}
    </>
  );
});

/** Sentences one often writes. */
export const QuickReplyButton = memo(function QuickReplyButton({ onPick }: Opening) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const popups = usePopups(open);
  return (
    <>
      <Button
        ref={button}
        look="ghost"
        aria-label={strings.quickReplies}
        aria-haspopup="menu"
        aria-expanded={open}
        className="max-sm:hidden"
        onPress={() => setOpen(true)}
        onKeyDown={({ key }) => key === "ArrowDown" && setOpen(true)}
      >
        <MessageSquareQuote className="size-5" />
      </Button>
      {popups && <popups.QuickReplies triggerRef={button} open={open} onClose={() => setOpen(false)} onPick={onPick} />}
    </>
  );
});
