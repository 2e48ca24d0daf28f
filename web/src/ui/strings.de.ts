// SPDX-License-Identifier: AGPL-3.0-or-later
import type { strings } from "@/ui/strings";

import { plural } from "@/lib/formats";

export const de: typeof strings = {
  close: "Schließen",
  back: "Zurück",
  more: "Mehr anzeigen",
  again: "Noch einmal versuchen",
  onTheWay: (what) => `${what}: kommt gleich`,
  showPassword: "Passwort zeigen",
  hidePassword: "Passwort verbergen",
  roles: { owner: "Inhaber", admin: "Admin", moderator: "Moderation", member: "" },
  findHere: "Hier jemanden finden",
  nobodyHere: "Hier ist niemand mit diesem Namen.",
  people: "Leute",
  hereNow: "gerade da",
  you: "Du",
  offline: "Du bist offline",
  forbidden: "Nicht für deine Augen",
  failed: "Das hat nicht geklappt",
  failedText: "Beim Laden ist etwas schiefgegangen.",
  tooFast: "Einen Moment",
  tooFastWait: (time) => `Das war viel auf einmal. In ${time} geht es wieder.`,
  tooFastOver: "Das war viel auf einmal. Jetzt sollte es wieder gehen.",
  toasts: "Meldungen der App",
  putAway: "Meldung schließen",
  unread: "ungelesen",
  unreadOf: (count) => `${count} ungelesen`,
  mentions: (count) => plural(count, { one: "Erwähnung", other: "Erwähnungen" }),
};
