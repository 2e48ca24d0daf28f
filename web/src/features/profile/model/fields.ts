// SPDX-License-Identifier: AGPL-3.0-or-later
// The fields of a profile and who sees them. The server decides; this only shows what will hold.

export type Level = "public" | "connections" | "private";
export const LEVELS: readonly Level[] = ["public", "connections", "private"];

export const FIELDS = [
  "displayName", "avatar", "banner", "bio", "gender", "pronouns", "location", "timezone", "searchInterests",
  "connections", "activity", "favoriteSearches", "featuredListings", "serversJoined",
] as const;
export type Field = (typeof FIELDS)[number];
export type Levels = Readonly<Record<Field, Level>>;

export type Viewer = "self" | "friend" | "stranger" | "anonymous";

/** What outlasts hiding the whole profile. */
const UNHIDDEN: ReadonlySet<Field> = new Set(["displayName", "avatar"]);

/** Whether a viewer sees a field, as `policy/visibility.py` has it. */
export function maySee(field: Field, levels: Levels, viewer: Viewer, hidden: boolean): boolean {
  if (viewer === "self") return true;
  if (hidden && !UNHIDDEN.has(field)) return false;
  const level = field === "displayName" ? "public" : levels[field];
  return level === "public" || (level === "connections" && viewer === "friend");
}
