// SPDX-License-Identifier: AGPL-3.0-or-later
import { describe, expect, it } from "vitest";

import { fromWire, toWire } from "@/lib/case";

describe("case conversion", () => {
  it("renames keys at every depth and leaves values alone", () => {
    const wire = { next_cursor: "a_b", requests: [{ created_at: "x_y", person: { user_id: "@a:b" } }] };
    const app = { nextCursor: "a_b", requests: [{ createdAt: "x_y", person: { userId: "@a:b" } }] };
    expect(fromWire(wire)).toEqual(app);
    expect(toWire(app)).toEqual(wire);
  });

  it("keeps null, numbers and booleans", () => {
    expect(fromWire({ mutual_count: null, is_on: false, n: 0 })).toEqual({
      mutualCount: null,
      isOn: false,
      n: 0,
    });
  });
});
