// SPDX-License-Identifier: AGPL-3.0-or-later
// How a person is written: name, handle, address of their page and picture.
import type { Person } from "@/lib/types";

const homeOf = (userId: string): string => userId.slice(userId.indexOf(":") + 1);
const localOf = (userId: string): string => userId.slice(1, userId.indexOf(":"));

/** What a person is called: the name they chose, else the first part of their id. */
export const nameOf = (person: Pick<Person, "userId" | "displayName">): string =>
  person.displayName?.trim() || localOf(person.userId);

/** `@bob` for people here, the whole id for people of other servers. */
export const handleOf = (userId: string, home: string): string =>
  homeOf(userId) === home ? `@${localOf(userId)}` : userId;

export const serverOf = homeOf;

/** What goes into an address of the app or the API. */
export const addressOf = (userId: string, home: string): string =>
  homeOf(userId) === home ? localOf(userId) : userId;

/** Up to two letters for a person without a picture; flags and marks stay whole. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).slice(0, 2);
  // Nothing is put together of several marks here, and looking for that is slow to begin.
  if (words.every((word) => /^[\x20-\x7e]*$/.test(word))) return words.map((word) => word.charAt(0).toUpperCase()).join("");
  const split = new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return words.map((word) => [...split.segment(word)][0]?.segment.toUpperCase() ?? "").join("");
}

/** A number of `count` that is always the same for the same text. */
export function hueOf(text: string, count: number): number {
  let hash = 0;
  for (const letter of text) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return hash % count;
}

/** Where a picture is had from this origin; null for an address that is none. */
export function pictureOf(mxc: string | null, size: number): string | null {
  const found = /^mxc:\/\/([^/]+)\/([A-Za-z0-9_-]+)$/.exec(mxc ?? "");
  if (!found) return null;
  const [, server = "", media = ""] = found;
  return `/api/media/thumbnail/${encodeURIComponent(server)}/${media}?size=${size}`;
}
