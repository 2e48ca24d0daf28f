// SPDX-License-Identifier: AGPL-3.0-or-later
import { expect, it } from "vitest";

import { FIELDS, type Level, type Levels, type Viewer, maySee } from "@/features/profile/model/fields";

const all = (level: Level): Levels =>
  Object.fromEntries(FIELDS.map((field) => [field, level])) as Record<(typeof FIELDS)[number], Level>;

it.each<[Level, Viewer, boolean]>([
  ["public", "anonymous", true],
  ["public", "stranger", true],
  ["connections", "stranger", false],
  ["connections", "anonymous", false],
  ["connections", "friend", true],
  ["private", "friend", false],
  ["private", "self", true],
])("%s shows to %s: %s", (level, viewer, sees) => {
  expect(maySee("bio", all(level), viewer, false)).toBe(sees);
});

const seen = (viewer: Viewer) => FIELDS.filter((field) => maySee(field, all("public"), viewer, true));

it("hiding leaves name and picture to others, and everything to oneself", () => {
  expect(seen("friend")).toEqual(["displayName", "avatar"]);
  expect(seen("self")).toEqual(FIELDS);
});

it("a name is never private, a picture can be", () => {
  expect(maySee("displayName", all("private"), "anonymous", true)).toBe(true);
  expect(maySee("avatar", all("private"), "stranger", false)).toBe(false);
});
