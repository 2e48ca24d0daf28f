// SPDX-License-Identifier: AGPL-3.0-or-later
import { expect, it } from "vitest";

import { sharedOf } from "@/lib/shared";

const space = (name: string | null) => ({ id: "1", roomId: "!a", name, avatarUrl: null });

it.each([
  [null, [], 0, ""],
  [1, [], 0, "1 mutual friend"],
  [3, ["General"], 1, "3 mutual friends · both in General"],
  [0, ["General", "Chess"], 4, "both in General, Chess and 2 more places"],
  [null, [null], 1, "1 place in common"],
])("%s friends, %s of %s places: %s", (mutualFriends, names, mutualSpacesCount, words) => {
  expect(sharedOf({ mutualFriends, mutualSpaces: names.map(space), mutualSpacesCount })).toBe(words);
});
