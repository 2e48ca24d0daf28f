// SPDX-License-Identifier: AGPL-3.0-or-later
import { list, plural } from "@/lib/formats";
import type { strings } from "@/lib/strings";

export const de: typeof strings = {
  offline: "Gerade gibt es keine Verbindung zum Server.",
  away: "Der Server antwortet nicht, wie er sollte. Versuch es gleich noch einmal.",
  wrong: "Hier ist etwas schiefgegangen. Versuch es noch einmal.",
  wrongFile: {
    type: "Nimm ein PNG, JPEG, WebP oder GIF.",
    bytes: "Diese Datei ist größer als 2 MB.",
    small: "Das Bild braucht mindestens 512 Pixel in jeder Richtung.",
    broken: "Diese Datei lässt sich nicht als Bild lesen.",
  },
  muted: "Stummgeschaltet. Nur Erwähnungen zählen noch.",
  heard: "Du hörst wieder davon.",
  bothIn: (places) => `beide in ${list(places)}`,
  morePlaces: (count) => plural(count, { one: "# weiteren Ort", other: "# weiteren Orten" }),
  places: (count) => plural(count, { one: "# gemeinsamer Ort", other: "# gemeinsame Orte" }),
  mutual: (count) => plural(count, { one: "# gemeinsamer Kontakt", other: "# gemeinsame Kontakte" }),
  justNow: "gerade eben",
  inDays: (count) => plural(count, { one: "in # Tag", other: "in # Tagen" }),
  withinDay: "innerhalb eines Tages",
  seconds: (count) => plural(count, { one: "# Sekunde", other: "# Sekunden" }),
  minutes: (count) => plural(count, { one: "# Minute", other: "# Minuten" }),
  activeNow: "Gerade aktiv",
  active: (time) => `Aktiv ${time}`,
};
