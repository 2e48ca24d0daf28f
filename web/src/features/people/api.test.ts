// SPDX-License-Identifier: AGPL-3.0-or-later
import { expect, it } from "vitest";

import { isAsking, wantedOf } from "@/features/people/api";

it("takes from an address what can be asked for", () => {
  expect(wantedOf({ q: "ann", country: "NO", junk: "x", interests: ["tea", "tea", 3, ""] })).toEqual({
    q: "ann",
    country: "NO",
    interests: ["tea"],
  });
  expect(wantedOf({ interests: "tea", q: "", city: 7 })).toEqual({ interests: ["tea"] });
});

it("asks for nobody when nothing is asked for", () => {
  expect(isAsking(wantedOf({ q: "" }))).toBe(false);
  expect(isAsking(wantedOf({ place: "!a:b" }))).toBe(true);
});
