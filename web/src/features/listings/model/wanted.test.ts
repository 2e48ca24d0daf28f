// SPDX-License-Identifier: AGPL-3.0-or-later
import { expect, it } from "vitest";

import { asTag, changed, isAsking, same, tagsOf, wantedOf } from "@/features/listings/model/wanted";

it("takes from an address what can be asked for", () => {
  expect(wantedOf({ q: 1984, tags: "bike, #Steel,bike", city: "Oslo", country: "NO", junk: "x", status: "sold" })).toEqual({
    q: "1984",
    tags: "bike,steel",
    city: "Oslo",
    country: "NO",
    status: "sold",
  });
  expect(wantedOf({ country: "Norway", status: "stolen", q: " ", sort: "new", min_price: -1, currency: "EUR" })).toEqual({
    currency: "EUR",
  });
});

it("asks for prices only in money", () => {
  expect(wantedOf({ min_price: 100, sort: "cheapest" })).toEqual({});
  expect(wantedOf({ min_price: "100", max_price: 5, currency: "EUR" })).toEqual({ currency: "EUR" });
  const priced = { min_price: 100, max_price: 900, currency: "EUR", sort: "dearest" } as const;
  expect(wantedOf(priced)).toEqual(priced);
});

it("forgets the money with the last price", () => {
  const wanted = { max_price: 900, currency: "EUR" };
  expect(changed(wanted, { max_price: undefined })).toEqual({});
  expect(changed({}, { sort: "cheapest", currency: "SEK" })).toEqual({ sort: "cheapest", currency: "SEK" });
  expect(changed({ ...wanted, sort: "cheapest" }, { max_price: undefined })).toEqual({ sort: "cheapest", currency: "EUR" });
});

it("knows when there is something to keep", () => {
  expect(isAsking({ sort: "cheapest", currency: "EUR" })).toBe(false);
  expect(isAsking({ q: "bike" })).toBe(true);
  expect(same({ q: "a", city: "b" }, { city: "b", q: "a" })).toBe(true);
  expect(same({ q: "a" }, { q: "a", city: "b" })).toBe(false);
});

it("brings tags into one form", () => {
  expect(asTag("  ##Road  Bike, 56 ")).toBe("road bike 56");
  expect(tagsOf({ tags: ",,#a,A, b" })).toEqual(["a", "b"]);
});
