// SPDX-License-Identifier: AGPL-3.0-or-later
// What is being asked for while one writes: somebody after an @, a ready sentence after a slash.

export interface Asked {
  kind: "person" | "sentence";
  word: string;
  /** Where it begins and ends in the text. */
  from: number;
  to: number;
}

const PERSON = /(?:^|[\s(])@([\p{L}\p{N}._=\-/+]{0,64})$/u;
const SENTENCE = /^\/([\p{L}\p{N}-]{0,40})$/u;

/** What the text before the caret asks for; null for nothing. */
export function askedFor(text: string, caret: number): Asked | null {
  const before = text.slice(0, caret);
  const person = PERSON.exec(before);
  if (person) return { kind: "person", word: person[1] ?? "", from: caret - (person[1] ?? "").length - 1, to: caret };
  const sentence = SENTENCE.exec(before);
  if (sentence && caret === text.length) return { kind: "sentence", word: sentence[1] ?? "", from: 0, to: caret };
  return null;
}

/** The text with something in place of what was asked for, and where the caret then is. */
export function answeredWith(text: string, asked: Asked, answer: string): { text: string; caret: number } {
  const rest = text.slice(asked.to);
  const gap = asked.kind === "person" && !/^\s/.test(rest) ? " " : "";
  return {
    text: text.slice(0, asked.from) + answer + gap + rest,
    caret: asked.from + answer.length + gap.length,
  };
}
