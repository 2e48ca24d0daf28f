// SPDX-License-Identifier: AGPL-3.0-or-later
// Languages nobody speaks, made from English while it is read: a page in one shows at a look what is
// not translated, what does not fit longer words, and what is not mirrored. Nobody is offered them;
// `localStorage["kith.look"] = '{"tongue":"en-XA"}'` asks for one.

const PLAIN = "AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvWwXxYyZz";
const ACCENTED = [..."ÀàƁƀÇçÐðÈèƑƒĜĝĤĥÌìĴĵĶķĹĺṀṁÑñÒòÞþǪǫŔŕŠšŢţÙùṼṽŴŵẊẋÝýŽž"];
const ACCENTS = new Map([...PLAIN].map((letter, at) => [letter, ACCENTED[at] ?? letter]));
/** How much longer than English others get, and letters to make up for it. */
const LONGER = 0.4;
const FILLING = "ēīōū āēī ōūāē īōū ";

export type Change = (text: string) => string;

/** Accents, 40 % more letters, and marks at both ends: what lacks an end is cut. */
export const accented: Change = (text) => {
  if (!/[A-Za-z]/.test(text)) return text;
  const more = Math.ceil(text.length * LONGER);
  const filling = FILLING.repeat(Math.ceil(more / FILLING.length)).slice(0, more);
  return `⟦${text.replace(/[A-Za-z]/g, (letter) => ACCENTS.get(letter) ?? letter)}${text.includes(" ") ? ` ${filling}` : filling.replaceAll(" ", "")}⟧`;
};

/** The same, and written from right to left. */
export const mirrored: Change = (text) => (/[A-Za-z]/.test(text) ? `\u202E${accented(text)}\u202C` : text);

// What a sentence is about, somebody's name, stays as it was given.
function around(text: string, given: readonly unknown[], change: Change): string {
  const kept = given.flat().filter((one): one is string => typeof one === "string" && one !== "");
  const holes = kept.reduce((now, one, at) => now.replaceAll(one, `\uE000${at}\uE001`), text);
  return change(holes).replace(/\uE000(\d+)\uE001/g, (_, at: string) => kept[Number(at)] ?? "");
}

function turned(value: unknown, change: Change): unknown {
  if (typeof value === "string") return change(value);
  if (typeof value === "function") {
    return (...given: unknown[]) => {
      const said: unknown = Reflect.apply(value, undefined, given);
      return typeof said === "string" ? around(said, given, change) : turned(said, change);
    };
  }
  if (Array.isArray(value)) return value.map((one) => turned(one, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, turned(one, change)]));
}

/** Every catalogue, changed; each is made once. */
export function trialOf(change: Change): (part: string, english: object) => object {
  const made = new Map<object, object>();
  return (_, english) => {
    const known = made.get(english) ?? (turned(english, change) as object);
    made.set(english, known);
    return known;
  };
}
