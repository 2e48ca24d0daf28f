// SPDX-License-Identifier: AGPL-3.0-or-later
import type { strings } from "@/features/showcase/strings";

export const fr: typeof strings = {
  of: {
    servers_joined: {
      title: "Communautés",
      add: "Ajouter une communauté",
      none: "Les communautés où tu es peuvent figurer ici.",
    },
    favorite_searches: {
      title: "Recherches",
      add: "Ajouter une recherche enregistrée",
      none: "Les recherches que tu as enregistrées peuvent figurer ici.",
    },
    featured_listings: {
      title: "Annonces",
      add: "Ajouter une annonce",
      none: "Ce que tu proposes peut figurer ici.",
    },
  },
  onTheWay: "Ta vitrine arrive",
  drag: (title) => `Déplacer ${title}`,
  more: (title) => `Plus sur ${title}`,
  up: "Monter",
  down: "Descendre",
  first: "Tout en haut",
  last: "Tout en bas",
  remove: "Retirer",
  note: (title) => `Note sur ${title}`,
  notePlaceholder: "Une note, si tu veux",
  full: "Trois au plus.",
  moved: (title, place, count) => `${title} est maintenant ${place} sur ${count}.`,
  added: (title) => `Ajouté : ${title}.`,
  removed: (title) => `Retiré : ${title}.`,
  gone: "Plus personne d’autre ne voit cette carte.",
};
