// SPDX-License-Identifier: AGPL-3.0-or-later
// A listing while it is written: what is kept in this browser, what is sent, what is wrong with it.
import { read, usualCurrency, written } from "@/lib/money";
import { readPersonal, writePersonal } from "@/lib/personal";
import type { Listing } from "@/lib/types";
import { placeName } from "@/features/listings/model/words";

/** Most characters, and most pictures. */
export const LONGEST = { title: 120, description: 4000 } as const;
export const MOST_IMAGES = 10;

/** A place, in what the API takes and what a person reads. */
export interface Place {
  placeId: number | null;
  city: string | null;
  countryCode: string | null;
  label: string;
}

export interface Draft {
  title: string;
  description: string;
  /** As it was typed. */
  price: string;
  currency: string;
  tags: readonly string[];
  place: Place | null;
  /** Ids of pictures, the first one for lists. */
  images: readonly string[];
}

/** An empty one. */
export const blank = (): Draft => ({
  title: "", description: "", price: "", currency: usualCurrency(), tags: [], place: null, images: [],
});

/** What is changed begins with what there is. */
export function draftOf(listing: Listing): Draft {
  const { title, description, priceMinor, currency, tags, city, countryCode, placeId, images } = listing;
  const place = city || countryCode ? { placeId, city, countryCode, label: placeName(listing) } : null;
  const money = currency ?? usualCurrency();
  const price = priceMinor === null ? "" : written(priceMinor, money);
  return { title, description, price, currency: money, tags, place, images: images.map(({ mediaId }) => mediaId) };
}

type Part = keyof Draft;
const PARTS: readonly Part[] = ["title", "description", "price", "currency", "tags", "place", "images"];
const said = (value: unknown): string => JSON.stringify(value);

/** Which parts differ. A currency alone says nothing. */
export const differing = (base: Draft, draft: Draft): readonly Part[] =>
  PARTS.filter((part) => said(base[part]) !== said(draft[part]) && (part !== "currency" || draft.price.trim() !== ""));

/** What a part is when it is sent. */
function bodyOf(part: Part, draft: Draft): Record<string, unknown> {
  const { place, price, currency } = draft;
  if (part === "price" || part === "currency") {
    const priced = price.trim() !== "";
    return { priceMinor: priced ? read(price, currency) : null, currency: priced ? currency : null };
  }
  if (part === "place") {
    if (!place) return { placeId: null, city: null, countryCode: null };
    const { placeId, city, countryCode } = place;
    return placeId === null ? { city, countryCode } : { placeId };
  }
  return { [part]: part === "title" || part === "description" ? draft[part].trim() : draft[part] };
}

const bodies = (parts: readonly Part[], draft: Draft): Record<string, unknown> =>
  Object.assign({}, ...parts.map((part) => bodyOf(part, draft))) as Record<string, unknown>;

/** All of it, for a new listing. */
export const wholeOf = (draft: Draft): Record<string, unknown> => bodies(PARTS, draft);

/** What has to be sent so that the listing becomes the draft: nothing that stayed. */
export const changesOf = (base: Draft, draft: Draft): Record<string, unknown> => bodies(differing(base, draft), draft);

/** One's own changes on top of what the listing has become meanwhile. */
export function rebased(base: Draft, draft: Draft, now: Draft): Draft {
  const mine = differing(base, draft).map((part) => [part, draft[part]] as const);
  return { ...now, ...Object.fromEntries(mine) };
}

/** What is wrong before anything is sent. */
export function problemsOf(draft: Draft): Partial<Record<"title" | "price", "empty" | "amount">> {
  const problems: Partial<Record<"title" | "price", "empty" | "amount">> = {};
  if (!draft.title.trim()) problems.title = "empty";
  if (draft.price.trim() && read(draft.price, draft.currency) === null) problems.price = "amount";
  return problems;
}

export interface Kept {
  base: Draft;
  draft: Draft;
  /** The mark under which a new one is sent, however often. */
  txn: string;
}

// Forgotten at sign-out like all that one writes.
const name = (userId: string, id: string | null): string => `listing.${userId}.${id ?? "new"}`;

/** What was left unsaved in this browser. */
export function keptDraft(userId: string, id: string | null): Kept | null {
  try {
    const found = JSON.parse(readPersonal(name(userId, id)) ?? "null") as Kept | null;
    const whole = (one?: Draft) => one && PARTS.every((part) => part in one);
    return found && whole(found.base) && whole(found.draft) && typeof found.txn === "string" ? found : null;
  } catch {
    return null;
  }
}

/** Keep what is unsaved, or forget it. */
export const keepDraft = (userId: string, id: string | null, kept: Kept | null): void =>
  writePersonal(name(userId, id), kept && JSON.stringify(kept));
