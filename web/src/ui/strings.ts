// SPDX-License-Identifier: AGPL-3.0-or-later
// Words that parts of every page share.
import { plural } from "@/lib/formats";
import { words } from "@/lib/tongue";

export const strings = words("ui", {
  close: "Close",
  back: "Go back",
  more: "Show more",
  again: "Try again",
  onTheWay: (what: string) => `${what}: on the way`,
  showPassword: "Show the password",
  hidePassword: "Hide the password",
  roles: { owner: "Owner", admin: "Admin", moderator: "Moderator", member: "" },
  findHere: "Find somebody here",
  nobodyHere: "Nobody by that name is here.",
  people: "People",
  hereNow: "here now",
  you: "You",
  offline: "You are offline",
  forbidden: "Not for your eyes",
  failed: "That did not work",
  failedText: "Something went wrong while this was fetched.",
  tooFast: "One moment",
  tooFastWait: (time: string) => `That was a lot at once. This works again in ${time}.`,
  tooFastOver: "That was a lot at once. It should work again now.",
  toasts: "Messages of the app",
  putAway: "Put this message away",
  unread: "unread",
  unreadOf: (count: string) => `${count} unread`,
  mentions: (count: number) => plural(count, { one: "mention", other: "mentions" }),
});
