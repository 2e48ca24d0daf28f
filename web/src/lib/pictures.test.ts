// SPDX-License-Identifier: AGPL-3.0-or-later
import { expect, it } from "vitest";

import { isTooSmall, wrongFile } from "@/lib/pictures";

it("says before sending what the server would refuse", () => {
  expect(wrongFile({ type: "image/png", size: 10 })).toBeNull();
  expect(wrongFile({ type: "image/svg+xml", size: 10 })).toBe("type");
  expect(wrongFile({ type: "image/png", size: 2 * 1024 * 1024 + 1 })).toBe("bytes");
  expect(isTooSmall({ width: 511, height: 900 })).toBe(true);
  expect(isTooSmall({ width: 512, height: 512 })).toBe(false);
});
