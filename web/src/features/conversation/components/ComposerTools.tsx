// SPDX-License-Identifier: AGPL-3.0-or-later
// What can be put into a message besides what is typed. Not drawn again at every key.
import { useQuery } from "@tanstack/react-query";
import { MessageSquareQuote, Paperclip, SendHorizontal, Smile } from "lucide-react";
import { Suspense, lazy, memo, useRef, useState } from "react";
import { Dialog, DialogTrigger, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";

import { quickRepliesQuery } from "@/features/conversation/api";
import { strings } from "@/features/conversation/strings";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/States";

const EmojiPanel = lazy(() => import("@/features/conversation/components/EmojiPanel"));

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

/** All emoji. */
export const EmojiButton = memo(function EmojiButton({ onPick }: { onPick: (emoji: string) => void }) {
  const [open, setOpen] = useState(false);
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <Button look="ghost" aria-label={strings.emoji}>
        <Smile className="size-5" />
      </Button>
      <Popover placement="top end" className="rise z-40">
        <Dialog aria-label={strings.emoji} className="menu">
          <Suspense fallback={<div className="h-88 w-80" />}>
            <EmojiPanel
              onPick={(emoji) => {
                setOpen(false);
                onPick(emoji);
              }}
            />
          </Suspense>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
});

/** Sentences one often writes. */
export const QuickReplyButton = memo(function QuickReplyButton({ onPick }: { onPick: (text: string) => void }) {
  const [open, setOpen] = useState(false);
  const { data } = useQuery({ ...quickRepliesQuery, enabled: open });
  const list = data?.quickReplies ?? [];
  const [title, text] = strings.quickRepliesEmpty;
  return (
    <MenuTrigger isOpen={open} onOpenChange={setOpen}>
      <Button look="ghost" aria-label={strings.quickReplies} className="max-sm:hidden">
        <MessageSquareQuote className="size-5" />
      </Button>
      <Popover placement="top end" className="rise z-40 max-w-96">
        <Menu
          className="menu max-h-80 overflow-y-auto"
          aria-label={strings.quickReplies}
          onAction={(key) => onPick(list.find(({ id }) => id === key)?.text ?? "")}
          renderEmptyState={() => <Notice icon={MessageSquareQuote} title={title} text={text} />}
        >
          {list.map((one) => (
            <MenuItem key={one.id} id={one.id} textValue={one.title} className="menu-item">
              <span className="grid min-w-0">
                <bdi className="truncate font-semibold">{one.title}</bdi>
                <bdi className="truncate text-sm text-quiet">{one.text}</bdi>
              </span>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
});
