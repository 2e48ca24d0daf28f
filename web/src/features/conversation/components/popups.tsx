// SPDX-License-Identifier: AGPL-3.0-or-later
// What opens over a conversation, loaded together.
import { useQuery } from "@tanstack/react-query";
import { MessageSquareQuote, SmilePlus } from "lucide-react";
import { Suspense, lazy, useState } from "react";
import { Dialog, Menu, MenuItem, Popover, type PopoverProps } from "react-aria-components";

import { quickRepliesQuery } from "@/features/conversation/api";
import type { Names } from "@/features/conversation/components/EmojiPanel";
import { strings } from "@/features/conversation/strings";
import { isTongue, spoken } from "@/lib/tongue";
import type { Tongue } from "@/lib/tongues";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/States";

export { Lightbox } from "@/features/conversation/components/Lightbox";
export { MoreChoices } from "@/features/conversation/components/MoreChoices";
export { WhoDialog } from "@/features/conversation/components/WhoDialog";

const NAMES: Readonly<Record<Tongue, () => Promise<{ default: Names }>>> = {
  en: () => import("virtual:emoji/en"),
  de: () => import("virtual:emoji/de"),
  fr: () => import("virtual:emoji/fr"),
};
const panelIn = (tongue: Tongue) =>
  lazy(async () => {
    const [{ default: Panel }, { default: names }] = await Promise.all([
      import("@/features/conversation/components/EmojiPanel"),
      NAMES[tongue](),
    ]);
    return { default: (props: Pick<Props, "onPick">) => <Panel tongue={tongue} names={names} {...props} /> };
  });
const PANELS = { en: panelIn("en"), de: panelIn("de"), fr: panelIn("fr") };

/** The most usual feelings, one press away. */
const USUAL = ["👍", "❤️", "😂", "🎉", "😮", "🙏"];

interface Props extends Pick<PopoverProps, "triggerRef"> {
  open: boolean;
  onClose: () => void;
  onPick: (what: string) => void;
}

function AllEmoji({ onPick }: Pick<Props, "onPick">) {
  const now = spoken();
  const EmojiPanel = PANELS[isTongue(now) ? now : "en"];
  return (
    <Suspense fallback={<div className="h-88 w-80" />}>
      <EmojiPanel onPick={onPick} />
    </Suspense>
  );
}

/** All emoji. */
export function EmojiChoices({ triggerRef, open, onClose, onPick }: Props) {
  return (
    <Popover placement="top end" triggerRef={triggerRef} isOpen={open} onOpenChange={(now) => !now && onClose()} className="rise z-40">
      <Dialog aria-label={strings.emoji} className="menu">
        <AllEmoji
          onPick={(emoji) => {
            onClose();
            onPick(emoji);
          }}
        />
      </Dialog>
    </Popover>
  );
}

/** Reactions: the usual ones at once, all others behind them. */
export function ReactChoices({ triggerRef, open, onClose, onPick }: Props) {
  const [all, setAll] = useState(false);
  const close = () => {
    onClose();
    setAll(false);
  };
  const pick = (emoji: string) => {
    close();
    onPick(emoji);
  };
  return (
    <Popover placement="top end" triggerRef={triggerRef} isOpen={open} onOpenChange={(now) => !now && close()} className="rise z-40">
      <Dialog aria-label={strings.react} className="menu">
        {all ? (
          <AllEmoji onPick={pick} />
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
  );
}

/** Sentences one often writes. */
export function QuickReplies({ triggerRef, open, onClose, onPick }: Props) {
  const { data } = useQuery({ ...quickRepliesQuery, enabled: open });
  const list = data?.quickReplies ?? [];
  const [title, text] = strings.quickRepliesEmpty;
  return (
    <Popover
      placement="top end"
      aria-label={strings.quickReplies}
      triggerRef={triggerRef}
      isOpen={open}
      onOpenChange={(now) => !now && onClose()}
      className="rise z-40 max-w-96"
    >
      <Menu
        className="menu max-h-80 overflow-y-auto"
        aria-label={strings.quickReplies}
        autoFocus="first"
        onAction={(key) => {
          onClose();
          onPick(list.find(({ id }) => id === key)?.text ?? "");
        }}
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
  );
}
