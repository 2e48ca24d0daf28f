// SPDX-License-Identifier: AGPL-3.0-or-later
// What two people have in common, in words.
import { strings } from "@/lib/strings";
import type { Friend } from "@/lib/types";

type Known = Pick<Friend, "mutualFriends" | "mutualSpaces" | "mutualSpacesCount">;

/** "2 mutual friends · both in General and 3 more places"; empty when it is nothing. */
export function sharedOf({ mutualFriends, mutualSpaces, mutualSpacesCount }: Known): string {
  const names = mutualSpaces.flatMap(({ name }) => name ?? []);
  const more = mutualSpacesCount - names.length;
  const both = more > 0 ? [...names, strings.morePlaces(more)] : names;
  const places = names.length > 0 ? strings.bothIn(both) : more > 0 && strings.places(more);
  return [mutualFriends && strings.mutual(mutualFriends), places].filter(Boolean).join(" · ");
}
