// SPDX-License-Identifier: AGPL-3.0-or-later
import { plural } from "@/lib/formats";
import type { strings } from "@/ui/strings";

export const fr: typeof strings = {
  close: "Fermer",
  back: "Retour",
  more: "Afficher plus",
  again: "Réessayer",
  onTheWay: (what) => `${what} : ça arrive`,
  showPassword: "Afficher le mot de passe",
  hidePassword: "Masquer le mot de passe",
  roles: { owner: "Propriétaire", admin: "Admin", moderator: "Modération", member: "" },
  findHere: "Trouver quelqu’un ici",
  nobodyHere: "Personne de ce nom ici.",
  people: "Personnes",
  hereNow: "là en ce moment",
  you: "Toi",
  offline: "Tu es hors ligne",
  forbidden: "Ce n’est pas pour tes yeux",
  failed: "Ça n’a pas marché",
  failedText: "Quelque chose a mal tourné pendant le chargement.",
  tooFast: "Un instant",
  tooFastWait: (time) => `C’était beaucoup d’un coup. Ça remarchera dans ${time}.`,
  tooFastOver: "C’était beaucoup d’un coup. Ça devrait remarcher maintenant.",
  toasts: "Messages de l’application",
  putAway: "Fermer ce message",
  unread: "non lus",
  unreadOf: (count) => `${count} non lus`,
  mentions: (count) => plural(count, { one: "mention", other: "mentions" }),
};
