// SPDX-License-Identifier: AGPL-3.0-or-later
import { initialsOf } from "@/lib/person";

/** A room's emoji on its tile, or the letters of its name. Decoration: the name stands beside. */
export function EmojiTile({ emoji, name, large }: { emoji: string | null; name: string; large?: boolean }) {
  return (
    <span aria-hidden="true" className={`emoji-tile ${large ? "size-14 text-2xl" : ""} ${emoji ? "" : "font-bold text-accent"}`}>
      {emoji ?? initialsOf(name)}
    </span>
  );
}
