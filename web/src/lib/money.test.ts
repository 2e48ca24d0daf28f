// SPDX-License-Identifier: AGPL-3.0-or-later
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

import { CURRENCIES, amount, read, written } from "@/lib/money";

it.each([
  [1250, "EUR", "€12.50", "12.50"],
  [120_000, "EUR", "€1,200", "1200"],
  [1200, "JPY", "¥1,200", "1200"],
  [1500, "KWD", "KWD\u00A01.500", "1.500"],
  [500, "ALL", "ALL\u00A05", "5"],
])("writes %d %s", (minor, currency, shown, field) => {
  expect(amount(minor, currency)).toBe(shown);
  expect(written(minor, currency)).toBe(field);
  expect(read(field, currency)).toBe(minor);
});

it.each([
  ["12,5", "EUR", 1250],
  ["1 200.00", "EUR", 120_000],
  ["1’200", "CHF", 120_000],
  ["0", "EUR", 0],
  ["12.505", "EUR", null],
  ["12.5", "JPY", null],
  ["-3", "EUR", null],
  ["1.234,50", "EUR", null],
  ["a lot", "EUR", null],
  ["999999999999999", "EUR", null],
])("reads %s %s", (text, currency, minor) => {
  expect(read(text, currency)).toBe(minor);
});

it("knows the server's currencies", () => {
  const server = readFileSync(join(process.cwd(), "..", "policy", "money.py"), "utf8");
  const [, two = "", zero = "", three = ""] =
    /_TWO = """([^"]+)"""\s+_ZERO = "([^"]+)"\s+_THREE = "([^"]+)"/.exec(server) ?? [];
  const all = [two, zero, three].flatMap((codes, at) => codes.trim().split(/\s+/).map((code) => [code, [2, 0, 3][at]]));
  expect(all.length).toBeGreaterThan(150);
  expect(Object.fromEntries(CURRENCIES)).toEqual(Object.fromEntries(all));
});
