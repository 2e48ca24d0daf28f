// SPDX-License-Identifier: AGPL-3.0-or-later
// Which addresses may be followed, and where they are in a text.

const MATRIX_TO = "https://matrix.to/#/";
const SAFE = new Set(["https:", "http:", "mailto:", "matrix:", "tel:"]);
// Trailing punctuation belongs to the sentence; a closing bracket only if one was opened.
const FOUND = /\bhttps?:\/\/[^\s<>"'\p{Cc}\p{Cf}]+/giu;

/** The address if it may be followed, else null: no scripts, no data, nothing relative. */
export function safeHref(text: string | null): string | null {
  if (!text || text.length > 2048) return null;
  try {
    const url = new URL(text.trim());
    return SAFE.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** Who or what a matrix.to address names; null for other addresses. */
export function matrixTarget(href: string): string | null {
  if (!href.startsWith(MATRIX_TO)) return null;
  const [target = ""] = href.slice(MATRIX_TO.length).split(/[?/]/);
  try {
    return decodeURIComponent(target);
  } catch {
    return null;
  }
}

/** Where another Matrix app opens a room. */
export const matrixLink = (target: string): string => MATRIX_TO + encodeURIComponent(target);

export interface Piece {
  text: string;
  href: string | null;
}

/** A text cut at the addresses in it. */
export function withLinks(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(FOUND)) {
    const address = cut(match[0]);
    const href = safeHref(address);
    if (!href) continue;
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), href: null });
    pieces.push({ text: address, href });
    from = match.index + address.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), href: null });
  return pieces;
}

function cut(address: string): string {
  let end = address.replace(/[.,;:!?…]+$/u, "");
  while (end.endsWith(")") && count(end, ")") > count(end, "(")) end = end.slice(0, -1);
  return end;
}

const count = (text: string, letter: string): number => text.split(letter).length - 1;

/** The first address of a text that could have a preview. */
export const firstLink = (text: string): string | null =>
  withLinks(text).find((piece) => piece.href?.startsWith("http") && !matrixTarget(piece.href))?.href ?? null;
