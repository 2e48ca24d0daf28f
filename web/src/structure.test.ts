// SPDX-License-Identifier: AGPL-3.0-or-later
// Knowledge flows down: app, features, ui, lib. Features do not know one another.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import openapi, { astToString } from "openapi-typescript";
import { expect, it } from "vitest";

const LAYERS = ["lib", "ui", "features", "app"];
const LONGEST = 300;
const ROOT = join(process.cwd(), "src");
const GENERATED = "lib/schema.ts";
/** Milliseconds: every type of the API is made anew, which a busy machine takes its time for. */
const PATIENCE = 60_000;

const files = readdirSync(ROOT, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(tsx?|css)$/.test(name) && name !== GENERATED)
  .map((name) => ({ name, text: readFileSync(join(ROOT, name), "utf8") }));

it.each(files)("$name says its licence and stays small", ({ text }) => {
  expect(text).toMatch(/^(\/\/|\/\*) SPDX-License-Identifier: AGPL-3\.0-or-later/);
  expect(text.split("\n").length).toBeLessThanOrEqual(LONGEST);
});

it.each(files.filter(({ name }) => name.includes("/")))("$name knows only what lies below", (file) => {
  const [layer = "", feature = ""] = file.name.split("/");
  for (const [, known = "", other = ""] of file.text.matchAll(/from "@\/(\w+)\/([\w-]+)/g)) {
    expect(LAYERS.indexOf(known)).toBeLessThanOrEqual(LAYERS.indexOf(layer));
    const sameLayer = layer === "features" && known === "features";
    expect(sameLayer ? other : feature).toBe(feature);
  }
});

it("the API's types are made from the committed description", async () => {
  const text = readFileSync(join(process.cwd(), "openapi.json"), "utf8");
  const nodes = await openapi(text);
  expect(readFileSync(join(ROOT, GENERATED), "utf8")).toContain(astToString(nodes));
}, PATIENCE);
