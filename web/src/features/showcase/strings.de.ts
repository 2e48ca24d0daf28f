// SPDX-License-Identifier: AGPL-3.0-or-later
import type { strings } from "@/features/showcase/strings";

export const de: typeof strings = {
  of: {
    servers_joined: {
      title: "Communitys",
      add: "Community hinzufügen",
      none: "Hier können Communitys stehen, in denen du bist.",
    },
    favorite_searches: {
      title: "Suchen",
      add: "Gespeicherte Suche hinzufügen",
      none: "Hier können Suchen stehen, die du gespeichert hast.",
    },
    featured_listings: {
      title: "Anzeigen",
      add: "Anzeige hinzufügen",
      none: "Hier kann stehen, was du anbietest.",
    },
  },
  onTheWay: "Dein Schaufenster kommt gleich",
  drag: (title) => `${title} verschieben`,
  more: (title) => `Mehr zu ${title}`,
  up: "Nach oben",
  down: "Nach unten",
  first: "Ganz nach oben",
  last: "Ganz nach unten",
  remove: "Herausnehmen",
  note: (title) => `Notiz zu ${title}`,
  notePlaceholder: "Eine Notiz, wenn du magst",
  full: "Mehr als drei gehen nicht.",
  moved: (title, place, count) => `${title} ist jetzt ${place} von ${count}.`,
  added: (title) => `${title} ist hinzugefügt.`,
  removed: (title) => `${title} ist herausgenommen.`,
  gone: "Diese Karte sieht sonst niemand mehr.",
};
