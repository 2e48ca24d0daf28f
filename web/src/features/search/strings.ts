// SPDX-License-Identifier: AGPL-3.0-or-later
// The words of the search.
import { words } from "@/lib/tongue";

export const strings = words("search", {
  title: "Search messages",
  lead: "In every room you are in. Encrypted messages cannot be searched here.",
  find: "Words to look for",
  placeholder: "A word that was said…",
  room: "Room",
  anyRoom: "All rooms",
  sender: "From",
  senderHint: "A name",
  since: "Not before",
  until: "Not after",
  has: "With",
  kinds: { any: "Anything", file: "Files", link: "Links" },
  found: "Messages found",
  unnamed: "A room",
  start: ["Look for something that was said", "Give a word; narrow it down by room, person and day."],
  narrow: ["Give a word, or choose a room", "Without words one room can be looked through at a time."],
  none: ["Nothing found", "Whole words are found, not parts of them. Fewer filters find more."],
});
