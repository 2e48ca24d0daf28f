// SPDX-License-Identifier: AGPL-3.0-or-later
import { expect, it } from "vitest";

import { reportOf } from "@/features/privacy/model/report";

it("draws what there was, and stands whatever else comes", () => {
  const report = reportOf({
    version: 9,
    tables: [
      { table: "friends", holds: "Friendships", done: "removed", rows: 3, because: "They are yours." },
      { table: "bans", holds: "Bans", done: "kept", rows: 0, because: "Rules." },
      null,
    ],
    places: [{ place: "Redis", holds: "Hints", done: "Removed." }],
    forTheOperator: ["Delete the old backup.", 7],
  });
  expect(report.tables).toEqual([{ holds: "Friendships", did: "removed", rows: 3, because: "They are yours." }]);
  expect(report.places).toHaveLength(1);
  expect(report.operator).toEqual(["Delete the old backup."]);
  expect(reportOf({})).toEqual({ tables: [], places: [], operator: [] });
});
