// SPDX-License-Identifier: AGPL-3.0-or-later
import { expect, it } from "vitest";

import { changed, changesOf, clashes, draftOf, keepDraft, keptDraft, lengthOf, rebased } from "@/features/profile/model/draft";
import { FIELDS, type Levels } from "@/features/profile/model/fields";
import type { Profile } from "@/lib/types";

const levels = Object.fromEntries(FIELDS.map((field) => [field, "connections"])) as unknown as Levels;
const base = draftOf({
  userId: "@alice:kith.test",
  displayName: "Alice",
  bio: "Bread",
  searchInterests: [{ id: "tea", label: "Tea", category: "home" }],
  location: { city: "Oslo", countryCode: "NO", country: "Norway", label: "Oslo, Norway", placeId: 7 },
  mine: { hidden: false, visibilitySettings: levels, completeness: { percent: 1, missing: [] }, onboarding: {}, revision: 3 },
} as unknown as Profile);

it("sends what changed and nothing else", () => {
  expect(changesOf(base, base)).toEqual({});
  expect(changesOf(base, { ...base, bio: " ", pronouns: "she/her " })).toEqual({ bio: null, pronouns: "she/her" });
  expect(changesOf(base, { ...base, location: null })).toEqual({ location: null });
  const place = { city: "Bergen", countryCode: "NO", placeId: 8, label: "Bergen, Norway" };
  expect(changesOf(base, { ...base, location: place })).toEqual({
    location: { city: "Bergen", countryCode: "NO", placeId: 8 },
  });
});

it("sends interests of the list by id and own ones by their words", () => {
  const own = { id: "", label: "Kites", category: "own" };
  expect(changesOf(base, { ...base, searchInterests: [...base.searchInterests, own] })).toEqual({
    searchInterests: [{ id: "tea", label: "Tea" }, { label: "Kites" }],
  });
});

it("sends only levels that were chosen anew", () => {
  const draft = { ...base, levels: { ...levels, bio: "public" as const } };
  expect(changesOf(base, draft)).toEqual({ visibilitySettings: { bio: "public" } });
});

it("puts one's changes on top of others'", () => {
  const mine = { ...base, bio: "Cake", levels: { ...levels, bio: "public" as const } };
  const now = { ...base, pronouns: "they/them", levels: { ...levels, gender: "private" as const } };
  const next = rebased(base, mine, now);
  expect(next).toMatchObject({ bio: "Cake", pronouns: "they/them" });
  expect(next.levels).toMatchObject({ bio: "public", gender: "private" });
});

it("knows what both have changed", () => {
  const mine = { ...base, bio: "Cake", pronouns: "she/her" };
  expect(clashes(base, mine, { ...base, bio: "Soup" })).toEqual(["bio"]);
  expect(clashes(base, mine, { ...base, bio: "Cake" })).toEqual([]);
});

it("keeps a draft in this browser, and nothing that is not one", () => {
  const draft = { ...base, bio: "Cake" };
  keepDraft("@alice:kith.test", { base, draft });
  expect(changed(base, keptDraft("@alice:kith.test")?.draft ?? base)).toEqual(["bio"]);
  keepDraft("@alice:kith.test", null);
  expect(keptDraft("@alice:kith.test")).toBeNull();
  localStorage.setItem("kith.mine.profile-draft.@alice:kith.test", '{"base":{},"draft":{}}');
  expect(keptDraft("@alice:kith.test")).toBeNull();
  localStorage.setItem("kith.mine.profile-draft.@alice:kith.test", "{");
  expect(keptDraft("@alice:kith.test")).toBeNull();
});

it("counts characters as people do", () => {
  expect(lengthOf("a👩‍👩‍👧é")).toBe(3);
});
