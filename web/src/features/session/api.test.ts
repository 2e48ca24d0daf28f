// SPDX-License-Identifier: AGPL-3.0-or-later
import { expect, it } from "vitest";

import { safeNext } from "@/features/session/api";

it.each([
  ["/people/bob", "/people/bob"],
  ["//evil.test/", "/lounge"],
  ["/\\evil.test", "/lounge"],
  ["https://evil.test", "/lounge"],
  [undefined, "/lounge"],
])("after signing in, %s leads to %s", (next, place) => {
  expect(safeNext(next)).toBe(place);
});
