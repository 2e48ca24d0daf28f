// SPDX-License-Identifier: AGPL-3.0-or-later
import { expect, it } from "vitest";

import { beginOf, endOf, nextOf } from "@/features/profile/model/welcome";

it("goes on with what is open, then with what was skipped", () => {
  expect(nextOf({})).toBe("display_name");
  expect(nextOf({ displayName: "done" })).toBe("avatar");
  expect(nextOf({ displayName: "done", avatar: "skipped", interests: "done" })).toBeNull();
  expect(beginOf({ displayName: "done", avatar: "skipped", interests: "done" })).toBe("avatar");
  expect(beginOf({ displayName: "done", avatar: "done", interests: "done" })).toBe("display_name");
});

it("takes nothing for an end that is none", () => {
  expect(endOf({ avatar: "perhaps" }, "avatar")).toBeNull();
  expect(endOf({ display_name: "done" }, "display_name")).toBe("done");
});
