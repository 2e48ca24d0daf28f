// SPDX-License-Identifier: AGPL-3.0-or-later
import type { strings } from "@/features/people/strings";
import { plural } from "@/lib/formats";

export const fr: typeof strings = {
  title: "Trouver des gens",
  lead: "Par leur nom, par ce qu’ils aiment, par là où ils vivent. Tu trouves ce qu’ils te montrent.",
  find: "Trouver des gens",
  placeholder: "Un nom, un intérêt, une ville…",
  found: "Personnes trouvées",
  count: (people) => plural(people, { one: "# personne", other: "# personnes" }),
  start: ["Qui cherches-tu ?", "Écris un nom ou un intérêt ci-dessus, ou commence par quelqu’un que tu connais peut-être."],
  none: ["Personne ne correspond", "On se trouve par ce qu’on montre. Enlève un filtre, ou des mots."],
  narrow: "Préciser",
  chosen: "Tes filtres",
  takeAway: (label) => `Enlever le filtre ${label}`,
  facets: {
    interests: "Intérêts",
    countries: "Pays",
    locations: "Villes",
    pronouns: "Pronoms",
    places: "Lieux en commun",
  },
  suggestions: "Tu connais peut-être",
  dismiss: (name) => `Ne plus suggérer ${name}`,
  dismissed: (name) => `${name} ne te sera plus suggéré.`,
};
