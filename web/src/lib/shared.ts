// SPDX-License-Identifier: AGPL-3.0-or-later
// What two people have in common, in words.
import type { Friend } from "@/lib/types";

type Known = Pick<Friend, "mutualFriends" | "mutualSpaces" | "mutualSpacesCount">;

const counted = (count: number, one: string, many: string): string => (count === 1 ? `1 ${one}` : `${count} ${many}`);

/** "2 mutual friends · both in General and 3 more places"; empty when it is nothing. */
export function sharedOf({ mutualFriends, mutualSpaces, mutualSpacesCount }: Known): string {
  const names = mutualSpaces.flatMap(({ name }) => name ?? []);
  const more = mutualSpacesCount - names.length;
  const places = names.length > 0
    ? `both in ${names.join(", ")}${more > 0 ? ` and ${counted(more, "more place", "more places")}` : ""}`
    : more > 0 && counted(more, "place in common", "places in common");
  return [mutualFriends && counted(mutualFriends, "mutual friend", "mutual friends"), places].filter(Boolean).join(" · ");
}
