// SPDX-License-Identifier: AGPL-3.0-or-later
// Words of what all of the app stands on.
import { list, plural } from "@/lib/formats";
import { words } from "@/lib/tongue";

export const strings = words("lib", {
  offline: "There is no connection to the server right now.",
  away: "The server does not answer as it should. Try again in a moment.",
  wrong: "Something went wrong here. Try again.",
  wrongFile: {
    type: "Choose a PNG, JPEG, WebP or GIF.",
    bytes: "This file is larger than 2 MB.",
    small: "At least 512 pixels in each direction are needed.",
    broken: "This file cannot be read as a picture.",
  },
  muted: "Muted. Only mentions still count.",
  heard: "You hear this again.",
  bothIn: (places: readonly string[]) => `both in ${list(places)}`,
  morePlaces: (count: number) => plural(count, { one: "# more place", other: "# more places" }),
  places: (count: number) => plural(count, { one: "# place in common", other: "# places in common" }),
  mutual: (count: number) => plural(count, { one: "# mutual friend", other: "# mutual friends" }),
  justNow: "just now",
  inDays: (count: number) => plural(count, { one: "in # day", other: "in # days" }),
  withinDay: "within a day",
  seconds: (count: number) => plural(count, { one: "# second", other: "# seconds" }),
  minutes: (count: number) => plural(count, { one: "# minute", other: "# minutes" }),
  activeNow: "Active now",
  active: (time: string) => `Active ${time}`,
});
