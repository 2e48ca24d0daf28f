// SPDX-License-Identifier: AGPL-3.0-or-later
import type { strings } from "@/features/search/strings";

export const de: typeof strings = {
  title: "Nachrichten durchsuchen",
  lead: "In allen Räumen, in denen du bist. Verschlüsselte Nachrichten lassen sich hier nicht durchsuchen.",
  find: "Gesuchte Wörter",
  placeholder: "Ein Wort, das gefallen ist …",
  room: "Raum",
  anyRoom: "Alle Räume",
  sender: "Von",
  senderHint: "Ein Name",
  since: "Nicht vor",
  until: "Nicht nach",
  has: "Mit",
  kinds: { any: "Allem", file: "Dateien", link: "Links" },
  found: "Gefundene Nachrichten",
  unnamed: "Ein Raum",
  start: ["Such etwas, das gesagt wurde", "Gib ein Wort ein; grenze es nach Raum, Person und Tag ein."],
  narrow: ["Gib ein Wort ein oder wähl einen Raum", "Ohne Wörter lässt sich immer nur ein Raum durchsehen."],
  none: ["Nichts gefunden", "Gefunden werden ganze Wörter, keine Teile davon. Weniger Filter finden mehr."],
};
