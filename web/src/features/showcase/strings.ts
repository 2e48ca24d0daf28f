// SPDX-License-Identifier: AGPL-3.0-or-later
import type { Collection } from "@/features/showcase/model";
import { words } from "@/lib/tongue";

const NAMES: Readonly<Record<Collection, { title: string; add: string; none: string }>> = {
  servers_joined: {
    title: "Communities",
    add: "Add a community",
    none: "Communities you are in can stand here.",
  },
  favorite_searches: {
    title: "Searches",
    add: "Add a saved search",
    none: "Searches you have kept can stand here.",
  },
  featured_listings: {
    title: "Listings",
    add: "Add a listing",
    none: "Things you offer can stand here.",
  },
};

export const strings = words("showcase", {
  of: NAMES,
  onTheWay: "Your showcase: on the way",
  drag: (title: string) => `Move ${title}`,
  more: (title: string) => `More about ${title}`,
  up: "Move up",
  down: "Move down",
  first: "Move to the top",
  last: "Move to the end",
  remove: "Take out",
  note: (title: string) => `Note on ${title}`,
  notePlaceholder: "A note, if you like",
  full: "Three are the most.",
  moved: (title: string, place: number, count: number) => `${title} is now ${place} of ${count}.`,
  added: (title: string) => `${title} is added.`,
  removed: (title: string) => `${title} is taken out.`,
  gone: "Nobody else sees this card any more.",
});
