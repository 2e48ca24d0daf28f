// SPDX-License-Identifier: AGPL-3.0-or-later
// Numbers, dates, lists and plurals of the language that is spoken. Made when they are first needed, and
// once: making one takes longer than using it a hundred times.
import { locale, trial } from "@/lib/tongue";

const made = new Map<string, unknown>();

function once<Format>(kind: string, shape: object, english: "en" | "en-GB", make: (tag: string) => Format): Format {
  const tag = locale(english);
  const name = `${kind} ${tag} ${JSON.stringify(shape)}`;
  const known = (made.get(name) as Format | undefined) ?? make(tag);
  made.set(name, known);
  return known;
}

/** A moment as a date, a time or both. */
export const moment = (time: number, shape: Intl.DateTimeFormatOptions, english: "en" | "en-GB" = "en"): string =>
  trial(once("date", shape, english, (tag) => new Intl.DateTimeFormat(tag, shape)).format(time));

/** "3 days ago", "in 2 weeks". */
export const ago = (value: number, unit: Intl.RelativeTimeFormatUnit): string =>
  trial(once("ago", {}, "en", (tag) => new Intl.RelativeTimeFormat(tag, { numeric: "auto" })).format(value, unit));

/** "12,500"; with a shape: "€12.50". */
export const number = (value: number, shape: Intl.NumberFormatOptions = {}): string =>
  once("number", shape, "en", (tag) => new Intl.NumberFormat(tag, shape)).format(value);

/** "Ada, Ben and Cleo". */
export const list = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join("") : once("list", {}, "en-GB", (tag) => new Intl.ListFormat(tag)).format(parts);

/** What a country, a currency or a language is called; its code where the browser knows no name. */
export function called(code: string, type: "region" | "currency"): string {
  try {
    return trial(once("name", { type }, "en", (tag) => new Intl.DisplayNames(tag, { type })).of(code) ?? code);
  } catch {
    return code;
  }
}

/** The forms of a sentence about a number, which stands where the # is. Every language has `other`. */
type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** The form that fits a count, with the count in it. */
export function plural(count: number, forms: Forms): string {
  const rule = once("plural", {}, "en", (tag) => new Intl.PluralRules(tag)).select(count);
  return (forms[rule] ?? forms.other).replace("#", count < 1000 ? String(count) : number(count));
}
