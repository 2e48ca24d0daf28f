// SPDX-License-Identifier: AGPL-3.0-or-later
import { describe, expect, it } from "vitest";

import { addressOf, handleOf, initialsOf, nameOf, pictureOf } from "@/lib/person";

describe("people", () => {
  it("are called by their name, else by the first part of their id", () => {
    expect(nameOf({ userId: "@bob:a.org", displayName: " Bob B " })).toBe("Bob B");
    expect(nameOf({ userId: "@bob:a.org", displayName: "  " })).toBe("bob");
  });

  it("have a short handle at home and a whole one abroad", () => {
    expect(handleOf("@bob:a.org", "a.org")).toBe("@bob");
    expect(handleOf("@bob:b.org:8448", "a.org")).toBe("@bob:b.org:8448");
    expect(addressOf("@bob:a.org", "a.org")).toBe("bob");
  });

  it("does not split a flag emoji as first letter", () => {
    expect(initialsOf("🇵🇹 Inês Duarte")).toBe("🇵🇹I");
    expect(initialsOf("ågot")).toBe("Å");
  });

  it("only shows pictures of this origin", () => {
    expect(pictureOf("mxc://a.org/xY_1-2", 96)).toBe("/api/media/thumbnail/a.org/xY_1-2?size=96");
    for (const wrong of ["https://evil.test/x", "mxc://a.org/../x", "mxc:///x", null]) {
      expect(pictureOf(wrong, 96)).toBeNull();
    }
  });
});
