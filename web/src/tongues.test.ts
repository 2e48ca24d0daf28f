// SPDX-License-Identifier: AGPL-3.0-or-later
// Every word a person reads stands in a catalogue, and is read from it while the page is drawn.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import ts from "typescript";
import { expect, it } from "vitest";

import { errors } from "@/lib/errors.de";

/** Milliseconds: all sources are read, which a busy machine takes its time for. */
const PATIENCE = 60_000;
const ROOT = join(process.cwd(), "src");
/** The style guide is for whoever makes Kith; its samples are not translated. */
const OTHERS = /(\.test\.tsx?|testing\.ts|strings(\.\w+)?\.ts|errors\.\w+\.ts|schema\.ts)$|^features\/styleguide\//;
/** Names of things, the same in all languages. */
const NAMES = new Set(["Kith", "Ctrl", "Ctrl K", "Esc", "@room"]);
const SPOKEN = /^(title|label|text|lead|hint|placeholder|alt|confirm|aria-label|aria-description|aria-roledescription|aria-valuetext)$/;
const SENTENCE = /^[A-Z“][a-z’']*[ ,].*[a-z]/;
/** Said to whoever makes Kith. */
const ASIDE = /^(Error|logError|handleError|DOMException)$/;

const files = readdirSync(ROOT, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !OTHERS.test(name))
  .map((name) => {
    const kind = name.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
    return ts.createSourceFile(name, readFileSync(join(ROOT, name), "utf8"), ts.ScriptTarget.Latest, true, kind);
  });

function childrenOf(node: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  ts.forEachChild(node, (child) => void found.push(child));
  return found;
}

const parts = (node: ts.Node): ts.Node[] => [node, ...childrenOf(node).flatMap(parts)];

const aside = (node: ts.Node): boolean =>
  (ts.isNewExpression(node.parent) || ts.isCallExpression(node.parent)) && ASIDE.test(node.parent.expression.getText());

function textOf(node: ts.Node): string | null {
  if (ts.isJsxText(node)) return /[A-Za-z]/.test(node.text) ? node.text.trim() : null;
  if (!ts.isStringLiteral(node) && !ts.isNoSubstitutionTemplateLiteral(node) && !ts.isTemplateExpression(node)) return null;
  const text = ts.isTemplateExpression(node) ? node.head.text + node.templateSpans.map(({ literal }) => literal.text).join("") : node.text;
  const owner = node.parent;
  const spoken = (ts.isJsxAttribute(owner) && SPOKEN.test(owner.name.getText())) || (ts.isPropertyAssignment(owner) && SPOKEN.test(owner.name.getText()));
  if (spoken) return /[A-Za-z]/.test(text) ? text : null;
  return SENTENCE.test(text) && !aside(node) ? text : null;
}

it("writes no word outside of the catalogues", () => {
  const found = files.flatMap((file) =>
    parts(file).flatMap((node) => {
      const text = textOf(node);
      return text && !NAMES.has(text) ? [`${file.fileName}: ${text}`] : [];
    }),
  );
  expect(found.join("\n")).toBe("");
}, PATIENCE);

const isWords = (node: ts.ImportSpecifier): boolean => (node.propertyName ?? node.name).text === "strings";

function early(file: ts.SourceFile): string[] {
  const names = new Set(parts(file).filter(ts.isImportSpecifier).filter(isWords).map(({ name }) => name.text));
  const once = (node: ts.Node): ts.Node[] => (ts.isFunctionLike(node) ? [] : [node, ...childrenOf(node).flatMap(once)]);
  return once(file)
    .filter(ts.isPropertyAccessExpression)
    .filter(({ expression }) => ts.isIdentifier(expression) && names.has(expression.text))
    .filter((node) => !ts.findAncestor(node, ts.isTypeNode))
    .map((node) => `${file.fileName}: ${node.getText()}`);
}

it("reads no word once for all, before the language is known", () => {
  expect(files.flatMap(early).join("\n")).toBe("");
}, PATIENCE);

it("calls every catalogue by its folder", () => {
  const catalogues = readdirSync(ROOT, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith("strings.ts"));
  for (const name of catalogues) {
    const text = readFileSync(join(ROOT, name), "utf8");
    expect(text).toContain(`words("${name.split("/").at(-2)}"`);
  }
  expect(catalogues.length).toBeGreaterThan(10);
});

/** Met by programs only: a page that meets one is broken. */
const FOR_PROGRAMS = new Set(["bad_json", "range_not_satisfiable", "unsupported_type"]);

it("has words for every refusal the API knows", () => {
  const description = readFileSync(join(process.cwd(), "openapi.json"), "utf8");
  const codes = new Set<string>();
  for (const [, list = ""] of description.matchAll(/"code":\s*\{\s*"enum":\s*\[([^\]]*)\]/g)) {
    for (const [, code = ""] of list.matchAll(/"(\w+)"/g)) codes.add(code);
  }
  expect(codes.size).toBeGreaterThan(80);
  const missing = [...codes].filter((code) => !(code in errors) && !FOR_PROGRAMS.has(code));
  expect(missing.join("\n")).toBe("");
});
