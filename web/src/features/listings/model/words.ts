// SPDX-License-Identifier: AGPL-3.0-or-later
// What a listing says in a few words: its price, its place.
import { strings } from "@/features/listings/strings";
import { called } from "@/lib/formats";
import { amount } from "@/lib/money";
import type { ListingCard } from "@/lib/types";

/** "Norway" for "NO". */
export const countryName = (code: string): string => called(code, "region");

/** "Bergen, Norway"; empty for nowhere. */
export const placeName = ({ city, countryCode }: Pick<ListingCard, "city" | "countryCode">): string =>
  [city, countryCode && countryName(countryCode)].filter(Boolean).join(", ");

/** "€12.50", "Free"; null without a price. */
export function priceOf({ priceMinor, currency }: Pick<ListingCard, "priceMinor" | "currency">): string | null {
  if (priceMinor === null || currency === null) return null;
  return priceMinor === 0 ? strings.free : amount(priceMinor, currency);
}
