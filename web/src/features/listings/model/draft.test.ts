// SPDX-License-Identifier: AGPL-3.0-or-later
import { beforeEach, expect, it } from "vitest";

import { blank, changesOf, draftOf, keepDraft, keptDraft, problemsOf, rebased, wholeOf } from "@/features/listings/model/draft";
import { forgetPersonal } from "@/lib/personal";
import type { Listing } from "@/lib/types";

const listing = {
  title: "Road bike",
  description: "Steel.",
  priceMinor: 25_050,
  currency: "EUR",
  tags: ["bike"],
  city: "Bergen",
  countryCode: "NO",
  placeId: null,
  images: [{ mediaId: "a", urls: {} }],
} as unknown as Listing;

beforeEach(() => localStorage.clear());

it("begins with what there is, and then has nothing to send", () => {
  const draft = draftOf(listing);
  expect(draft).toMatchObject({ price: "250.50", currency: "EUR", images: ["a"], place: { label: "Bergen, Norway" } });
  expect(changesOf(draft, draftOf(listing))).toEqual({});
});

it("sends what changed alone, and a price with its money", () => {
  const base = draftOf(listing);
  expect(changesOf(base, { ...base, title: " Bike " })).toEqual({ title: "Bike" });
  expect(changesOf(base, { ...base, price: "300" })).toEqual({ priceMinor: 30_000, currency: "EUR" });
  expect(changesOf(base, { ...base, currency: "JPY", price: "300" })).toEqual({ priceMinor: 300, currency: "JPY" });
  expect(changesOf(base, { ...base, price: " " })).toEqual({ priceMinor: null, currency: null });
  expect(changesOf(base, { ...base, place: null })).toEqual({ placeId: null, city: null, countryCode: null });
  const oslo = { placeId: 7, city: "Oslo", countryCode: "NO", label: "Oslo, Norway" };
  expect(changesOf(base, { ...base, place: oslo })).toEqual({ placeId: 7 });
});

it("does not take another currency alone for a change", () => {
  expect(changesOf(blank(), { ...blank(), currency: "SEK" })).toEqual({});
});

it("sends all of a new one", () => {
  expect(wholeOf({ ...blank(), title: "Lamp" })).toEqual({
    title: "Lamp", description: "", priceMinor: null, currency: null, tags: [], placeId: null, city: null, countryCode: null, images: [],
  });
});

it("says what is missing", () => {
  expect(problemsOf(blank())).toEqual({ title: "empty" });
  expect(problemsOf({ ...blank(), title: "Lamp", price: "ten" })).toEqual({ price: "amount" });
  expect(problemsOf({ ...blank(), title: "Lamp", price: "0" })).toEqual({});
});

it("puts one's changes on top of somebody else's", () => {
  const base = draftOf(listing);
  const now = { ...base, description: "Steel, red.", title: "Old bike" };
  expect(rebased(base, { ...base, title: "My bike" }, now)).toEqual({ ...now, title: "My bike" });
});

it("keeps a draft until it is forgotten", () => {
  const kept = { base: blank(), draft: { ...blank(), title: "Lamp" }, txn: "t" };
  keepDraft("@a:b", null, kept);
  expect(keptDraft("@a:b", null)).toEqual(kept);
  expect(keptDraft("@a:b", "x")).toBeNull();
  expect(keptDraft("@c:b", null)).toBeNull();
  forgetPersonal();
  expect(keptDraft("@a:b", null)).toBeNull();
  localStorage.setItem("kith.mine.listing.@a:b.new", "{");
  expect(keptDraft("@a:b", null)).toBeNull();
});
