// SPDX-License-Identifier: AGPL-3.0-or-later
// Which listings are looked for, under the names that addresses and the API have for it. Pure.
import { CURRENCIES } from "@/lib/money";
import type { ListingStatus } from "@/lib/types";

export const SORTS = ["new", "cheapest", "dearest"] as const;
export type Sort = (typeof SORTS)[number];
export const STATUSES: readonly ListingStatus[] = ["draft", "open", "reserved", "sold", "closed"];

/** All of it must hold; prices are in the currency's smallest unit. */
export interface Wanted {
  q?: string;
  /** Parted by commas. */
  tags?: string;
  min_price?: number;
  max_price?: number;
  currency?: string;
  country?: string;
  city?: string;
  /** A Matrix id, or the name of somebody here. */
  seller?: string;
  status?: ListingStatus;
  sort?: Sort;
}

const LONGEST = 400;

// What looks like a number or a truth comes as one from the address.
const text = (value: unknown): string | undefined =>
  ["string", "number", "boolean"].includes(typeof value) && String(value).trim()
    ? String(value).trim().slice(0, LONGEST)
    : undefined;

function price(value: unknown): number | undefined {
  const found = typeof value === "string" && value ? Number(value) : value;
  return typeof found === "number" && Number.isSafeInteger(found) && found >= 0 ? found : undefined;
}

const among = <Word extends string>(all: readonly Word[], value: unknown): Word | undefined =>
  all.find((one) => one === value);

/** What an address asks for; anything else, and what cannot hold together, is left out. */
export function wantedOf(search: Record<string, unknown>): Wanted {
  const currency = text(search.currency);
  const known = currency && CURRENCIES.has(currency) ? currency : undefined;
  const sort = among(SORTS, search.sort);
  const country = text(search.country);
  const [low, high] = [price(search.min_price), price(search.max_price)];
  const apart = low !== undefined && high !== undefined && low > high;
  return trimmed({
    q: text(search.q)?.slice(0, 100),
    tags: tagsOf({ tags: text(search.tags) }).join(",") || undefined,
    // Amounts of different money do not compare.
    min_price: known && !apart ? low : undefined,
    max_price: known && !apart ? high : undefined,
    currency: known,
    country: country && /^[A-Z]{2}$/.test(country) ? country : undefined,
    city: text(search.city)?.slice(0, 100),
    seller: text(search.seller)?.slice(0, 255),
    status: among(STATUSES, search.status),
    sort: known && sort !== "new" ? sort : undefined,
  });
}

/** Without what is not there. */
const trimmed = (wanted: Wanted): Wanted =>
  Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)) as Wanted;

/** The same with something changed, and without money that nothing compares by any more. */
export function changed(wanted: Wanted, change: Wanted): Wanted {
  const next = wantedOf({ ...wanted, ...change });
  const { currency: _, ...rest } = next;
  const priced = next.min_price !== undefined || next.max_price !== undefined || next.sort;
  return priced ? next : rest;
}

export const MOST_TAGS = 10;
const LONGEST_TAG = 30;

/** The tags that are asked for. */
export const tagsOf = ({ tags }: Pick<Wanted, "tags">): readonly string[] =>
  [...new Set((tags ?? "").split(",").map(asTag).filter((one) => one !== ""))].slice(0, MOST_TAGS);

/** A tag as it is kept. */
export const asTag = (words: string): string =>
  words.normalize("NFC").replace(/[\s,]+/g, " ").trim().replace(/^#+/, "").trim().toLowerCase().slice(0, LONGEST_TAG).trim();

/** Whether anything is asked for that a search could be kept for. */
export const isAsking = (wanted: Wanted): boolean => Object.keys(wanted).some((name) => name !== "sort" && name !== "currency");

/** Whether two searches ask for the same. */
export const same = (one: Wanted, other: Wanted): boolean =>
  JSON.stringify(Object.entries(one).toSorted()) === JSON.stringify(Object.entries(other).toSorted());
