// SPDX-License-Identifier: AGPL-3.0-or-later
import { list, plural } from "@/lib/formats";
import type { strings } from "@/lib/strings";

export const fr: typeof strings = {
  offline: "Il n’y a pas de connexion au serveur en ce moment.",
  away: "Le serveur ne répond pas comme il faut. Réessaie dans un instant.",
  wrong: "Quelque chose a mal tourné ici. Réessaie.",
  wrongFile: {
    type: "Choisis un PNG, un JPEG, un WebP ou un GIF.",
    bytes: "Ce fichier dépasse 2 Mo.",
    small: "Il faut au moins 512 pixels dans chaque sens.",
    broken: "Ce fichier ne se lit pas comme une image.",
  },
  muted: "En sourdine. Seules les mentions comptent encore.",
  heard: "Tu l’entends de nouveau.",
  bothIn: (places) => `ensemble dans ${list(places)}`,
  morePlaces: (count) => plural(count, { one: "# autre lieu", other: "# autres lieux" }),
  places: (count) => plural(count, { one: "# lieu en commun", other: "# lieux en commun" }),
  mutual: (count) => plural(count, { one: "# relation en commun", other: "# relations en commun" }),
  justNow: "à l’instant",
  inDays: (count) => plural(count, { one: "dans # jour", other: "dans # jours" }),
  withinDay: "d’ici un jour",
  seconds: (count) => plural(count, { one: "# seconde", other: "# secondes" }),
  minutes: (count) => plural(count, { one: "# minute", other: "# minutes" }),
  activeNow: "En ligne",
  active: (time) => `En ligne ${time}`,
};
