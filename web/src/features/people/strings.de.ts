// SPDX-License-Identifier: AGPL-3.0-or-later
import type { strings } from "@/features/people/strings";
import { plural } from "@/lib/formats";

export const de: typeof strings = {
  title: "Leute finden",
  lead: "Nach Namen, nach dem, was sie mögen, nach dem, wo sie wohnen. Du findest, was sie dir zeigen.",
  find: "Leute finden",
  placeholder: "Ein Name, ein Interesse, eine Stadt …",
  found: "Gefundene Leute",
  count: (people) => plural(people, { one: "# Person", other: "# Personen" }),
  start: ["Wen suchst du?", "Gib oben einen Namen oder ein Interesse ein, oder beginne mit jemandem, den du vielleicht kennst."],
  none: ["Niemand passt", "Man findet sich über das, was man zeigt. Nimm einen Filter weg oder weniger Wörter."],
  narrow: "Eingrenzen",
  chosen: "Deine Filter",
  takeAway: (label) => `Filter ${label} wegnehmen`,
  facets: {
    interests: "Interessen",
    countries: "Länder",
    locations: "Städte",
    pronouns: "Pronomen",
    places: "Gemeinsame Orte",
  },
  suggestions: "Vielleicht kennst du",
  dismiss: (name) => `${name} nicht mehr vorschlagen`,
  dismissed: (name) => `${name} wird nicht mehr vorgeschlagen.`,
};
