// SPDX-License-Identifier: AGPL-3.0-or-later
// A profile while it is being changed: what differs, what is kept in this browser, who was first.
import { FIELDS, type Level, type Levels } from "@/features/profile/model/fields";
import type { Interest, Profile } from "@/lib/types";

/** A place, in what the API takes and what a person reads. */
export interface Place {
  city: string | null;
  countryCode: string | null;
  placeId: number | null;
  label: string;
}

export interface Draft {
  displayName: string;
  bio: string;
  gender: string;
  pronouns: string;
  location: Place | null;
  timezone: string;
  searchInterests: readonly Interest[];
  hidden: boolean;
  levels: Levels;
}

/** Longest texts, in characters. */
export const LONGEST = { displayName: 40, bio: 280, words: 30 } as const;
/** Most interests. */
export const MOST_INTERESTS = 12;

/** What the editor begins with. */
export function draftOf(profile: Profile): Draft {
  const { location, mine } = profile;
  const known = mine?.visibilitySettings as Partial<Record<string, Level>> | undefined;
  return {
    displayName: profile.displayName ?? "",
    bio: profile.bio ?? "",
    gender: profile.gender ?? "",
    pronouns: profile.pronouns ?? "",
    location: location
      ? { city: location.city, countryCode: location.countryCode, placeId: location.placeId ?? null, label: location.label }
      : null,
    timezone: profile.timezone ?? "",
    searchInterests: profile.searchInterests ?? [],
    hidden: mine?.hidden ?? false,
    levels: Object.fromEntries(FIELDS.map((field) => [field, known?.[field] ?? "private"])) as unknown as Levels,
  };
}

export type Part = keyof Draft;
const PARTS: readonly Part[] = [
  "displayName", "bio", "gender", "pronouns", "location", "timezone", "searchInterests", "hidden", "levels",
];

const said = (value: unknown): string => JSON.stringify(value);
const ids = (all: readonly Interest[]): string => said(all.map(({ id, label }) => id || label));

function same(part: Part, one: Draft, other: Draft): boolean {
  if (part === "searchInterests") return ids(one.searchInterests) === ids(other.searchInterests);
  if (part === "location") return said(one.location?.label) === said(other.location?.label);
  if (part === "levels") return FIELDS.every((field) => one.levels[field] === other.levels[field]);
  return one[part] === other[part];
}

/** Which parts differ. */
export const changed = (base: Draft, draft: Draft): readonly Part[] => PARTS.filter((part) => !same(part, base, draft));

/** What has to be sent so that the profile becomes the draft: nothing that stayed. */
export function changesOf(base: Draft, draft: Draft): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const part of changed(base, draft)) {
    if (part === "levels") {
      const levels = FIELDS.filter((field) => base.levels[field] !== draft.levels[field]);
      body.visibilitySettings = Object.fromEntries(levels.map((field) => [field, draft.levels[field]]));
    } else if (part === "location") {
      const { city, countryCode, placeId } = draft.location ?? {};
      body.location = draft.location && { city, countryCode, placeId };
    } else if (part === "searchInterests") {
      body.searchInterests = draft.searchInterests.map(({ id, label }) => (id ? { id, label } : { label }));
    } else if (part === "hidden" || part === "displayName") {
      body[part] = draft[part];
    } else {
      body[part] = draft[part].trim() || null;
    }
  }
  return body;
}

/** One's own changes on top of what somebody else, or one's other window, has changed meanwhile. */
export function rebased(base: Draft, draft: Draft, now: Draft): Draft {
  const next: Record<string, unknown> = { ...now };
  for (const part of changed(base, draft)) next[part] = draft[part];
  const levels = FIELDS.map((field) => [
    field,
    base.levels[field] === draft.levels[field] ? now.levels[field] : draft.levels[field],
  ]);
  return { ...(next as unknown as Draft), levels: Object.fromEntries(levels) as Levels };
}

/** Parts that both have changed, each in their way. */
export const clashes = (base: Draft, draft: Draft, now: Draft): readonly Part[] =>
  changed(base, draft).filter((part) => !same(part, base, now) && !same(part, draft, now));

/** Characters as people count them. */
export const lengthOf = (text: string): number => [...new Intl.Segmenter().segment(text)].length;

interface Kept {
  base: Draft;
  draft: Draft;
}

// A name of `lib/personal.ts`: forgotten at sign-out like all that one writes.
const place = (userId: string): string => `kith.mine.profile-draft.${userId}`;

/** What was left unsaved in this browser. */
export function keptDraft(userId: string): Kept | null {
  try {
    const found = JSON.parse(localStorage.getItem(place(userId)) ?? "null") as Kept | null;
    const whole = (one?: Draft) => one && PARTS.every((part) => part in one);
    return found && whole(found.base) && whole(found.draft) ? found : null;
  } catch {
    return null;
  }
}

/** Keep what is unsaved, or forget it. */
export function keepDraft(userId: string, kept: Kept | null): void {
  try {
    if (kept) localStorage.setItem(place(userId), JSON.stringify(kept));
    else localStorage.removeItem(place(userId));
  } catch {
    // Private windows may forbid it; the draft then lives as long as the page.
  }
}
