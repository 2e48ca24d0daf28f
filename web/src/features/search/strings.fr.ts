// SPDX-License-Identifier: AGPL-3.0-or-later
import type { strings } from "@/features/search/strings";

export const fr: typeof strings = {
  title: "Chercher dans les messages",
  lead: "Dans toutes les salles où tu es. Les messages chiffrés ne se cherchent pas ici.",
  find: "Mots à chercher",
  placeholder: "Un mot qui a été dit…",
  room: "Salle",
  anyRoom: "Toutes les salles",
  sender: "De",
  senderHint: "Un nom",
  since: "Pas avant",
  until: "Pas après",
  has: "Avec",
  kinds: { any: "Tout", file: "Fichiers", link: "Liens" },
  found: "Messages trouvés",
  unnamed: "Une salle",
  start: ["Cherche quelque chose qui a été dit", "Donne un mot ; précise par salle, par personne et par jour."],
  narrow: ["Donne un mot, ou choisis une salle", "Sans mots, on parcourt une seule salle à la fois."],
  none: ["Rien trouvé", "On trouve des mots entiers, pas des morceaux. Moins de filtres, plus de résultats."],
};
