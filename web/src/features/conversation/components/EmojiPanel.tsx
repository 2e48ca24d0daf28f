// SPDX-License-Identifier: AGPL-3.0-or-later
// All emoji, searchable by their names in a language. A chunk of its own, as are the names.
import { type EmojiData, EmojiPicker, type EmojiPickerListComponents } from "frimousse";
import type { AriaAttributes } from "react";

import { strings } from "@/features/conversation/strings";
import type { Tongue } from "@/lib/tongues";

export type Names = (typeof import("virtual:emoji/en"))["default"];

const big = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const dataOf = (locale: Tongue, names: Names): EmojiData => ({
  locale,
  emojis: names.rows.map(([sign, category, label, tags]) => ({
    emoji: sign,
    category,
    label: big(label),
    version: 0,
    tags: tags.split(" "),
  })),
  categories: names.groups.map(([index, label]) => ({ index, label: big(label) })),
  skinTones: { light: "", "medium-light": "", medium: "", "medium-dark": "", dark: "" },
});

// The picker counts from 0, ARIA from 1.
const next = (index: number | undefined): number | undefined => (index === undefined ? undefined : index + 1);
const fromOne = <Props extends AriaAttributes>(props: Props): Props => ({
  ...props,
  "aria-rowindex": next(props["aria-rowindex"]),
  "aria-colindex": next(props["aria-colindex"]),
});

const PARTS: Partial<EmojiPickerListComponents> = {
  CategoryHeader: ({ category, ...props }) => (
    <div {...props} className="bg-raised px-1.5 pt-2 pb-1 text-xs font-semibold text-quiet">
      {category.label}
    </div>
  ),
  Row: ({ children, ...props }) => (
    <div {...fromOne(props)} className="flex">
      {children}
    </div>
  ),
  Emoji: ({ emoji, ...props }) => (
    <button {...fromOne(props)} type="button" aria-label={emoji.label} className="emoji-cell" data-active={emoji.isActive || undefined}>
      {emoji.emoji}
    </button>
  ),
};

interface Given {
  tongue: Tongue;
  names: Names;
  onPick: (emoji: string) => void;
}

export default function EmojiPanel({ tongue, names, onPick }: Given) {
  return (
    <EmojiPicker.Root
      className="flex h-88 w-80 max-w-full flex-col"
      columns={8}
      locale={tongue}
      resolveEmojiData={() => dataOf(tongue, names)}
      onEmojiSelect={({ emoji }) => onPick(emoji)}
    >
      <EmojiPicker.Search className="input-glass" aria-label={strings.searchEmoji} placeholder={strings.searchEmoji} autoFocus />
      <EmojiPicker.Viewport className="relative mt-2 grow overflow-y-auto outline-none">
        <EmojiPicker.Loading className="absolute inset-0 grid place-items-center text-sm text-quiet">
          {strings.emojiComing}
        </EmojiPicker.Loading>
        <EmojiPicker.Empty className="absolute inset-0 grid place-items-center text-sm text-quiet">
          {strings.noEmoji}
        </EmojiPicker.Empty>
        <EmojiPicker.List
          className="pb-1 select-none"
          components={PARTS}
        />
      </EmojiPicker.Viewport>
    </EmojiPicker.Root>
  );
}
