// SPDX-License-Identifier: AGPL-3.0-or-later
// All emoji, searchable. A chunk of its own; its data comes from this server only.
import { EmojiPicker, type EmojiPickerListComponents } from "frimousse";

import { strings } from "@/features/conversation/strings";

/** Where the build puts the names of all emoji (vite.config.ts). */
const DATA = "/assets/emoji";

const PARTS: Partial<EmojiPickerListComponents> = {
  CategoryHeader: ({ category, ...props }) => (
    <div {...props} className="bg-raised px-1.5 pt-2 pb-1 text-xs font-semibold text-quiet">
      {category.label}
    </div>
  ),
  Row: ({ children, ...props }) => (
    <div {...props} className="flex">
      {children}
    </div>
  ),
  Emoji: ({ emoji, ...props }) => (
    <button {...props} type="button" aria-label={emoji.label} className="emoji-cell" data-active={emoji.isActive || undefined}>
      {emoji.emoji}
    </button>
  ),
};

export default function EmojiPanel({ onPick }: { onPick: (emoji: string) => void }) {
  return (
    <EmojiPicker.Root
      className="flex h-88 w-80 max-w-full flex-col"
      columns={8}
      emojibaseUrl={DATA}
      locale="en"
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
