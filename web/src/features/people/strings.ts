// SPDX-License-Identifier: AGPL-3.0-or-later
import { plural } from "@/lib/formats";
import { words } from "@/lib/tongue";

export const strings = words("people", {
  title: "Find people",
  lead: "By name, by what they like, by where they live. You find what they show to you.",
  find: "Find people",
  placeholder: "A name, an interest, a city…",
  found: "People found",
  count: (people: number) => plural(people, { one: "# person", other: "# people" }),
  start: ["Whom do you look for?", "Write a name or an interest above, or begin with somebody you may know."],
  none: ["Nobody fits", "People find one another by what they show. Take away a filter, or use fewer words."],
  narrow: "Narrow down",
  chosen: "Your filters",
  takeAway: (label: string) => `Take away the filter ${label}`,
  facets: {
    interests: "Interests",
    countries: "Countries",
    locations: "Cities",
    pronouns: "Pronouns",
    places: "Places you share",
  },
  suggestions: "People you may know",
  dismiss: (name: string) => `Do not suggest ${name} again`,
  dismissed: (name: string) => `${name} is not suggested again.`,
});
