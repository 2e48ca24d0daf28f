// SPDX-License-Identifier: AGPL-3.0-or-later
// What is shown of a message that was found: the place in it where the words are.

/** A part of a text, and whether it is what was looked for. */
export interface Part {
  text: string;
  hit: boolean;
  /** Where it begins. */
  at: number;
}

/** Characters shown before the first hit. */
const BEFORE = 60;
/** Characters shown in all. */
const MOST = 280;
const SPECIAL = /[.*+?^${}()|[\]\\]/g;

/** The words of a search, without the signs that the search itself reads. */
export const wordsOf = (q: string): readonly string[] =>
  [...new Set(q.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}'’_-]*/gu) ?? [])].filter((word) => word !== "or");

/** The part of a text around the first of the words, with each of them marked. */
export function excerpt(body: string, words: readonly string[]): readonly Part[] {
  const flat = body.replace(/\s+/g, " ").trim();
  if (words.length === 0) return [{ text: cut(flat, 0), hit: false, at: 0 }];
  // The search finds other forms of a word as well: what begins like it is marked.
  const looks = new RegExp(`(?<![\\p{L}\\p{N}])(${words.map((word) => word.replace(SPECIAL, "\\$&")).join("|")})`, "giu");
  const first = flat.search(looks);
  const shown = cut(flat, Math.max(0, first - BEFORE));
  const parts: Part[] = [];
  let at = 0;
  for (const [turn, text] of shown.split(looks).entries()) {
    if (text) parts.push({ text, hit: turn % 2 === 1, at });
    at += text.length;
  }
  return parts;
}

function cut(text: string, from: number): string {
  // Not in the middle of a word.
  const start = from === 0 ? 0 : text.indexOf(" ", from) + 1;
  const rest = text.slice(start, start + MOST);
  return `${start > 0 ? "…" : ""}${rest}${start + MOST < text.length ? "…" : ""}`;
}
