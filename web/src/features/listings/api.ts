// SPDX-License-Identifier: AGPL-3.0-or-later
// Listings, and the searches one keeps.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";

import { type Wanted, wantedOf } from "@/features/listings/model/wanted";
import { call } from "@/lib/api";
import { toWire } from "@/lib/case";
import type { Listing, ListingsPage, SavedSearch, SavedSearches } from "@/lib/types";

const PATH = "/api/listings";
const SAVED = "/api/saved-searches";

/** Milliseconds that the addresses of pictures surely hold. */
const FRESH = 8 * 60_000;

export const listingsQuery = (wanted: Wanted) =>
  infiniteQueryOptions({
    queryKey: ["listings", "found", wanted],
    queryFn: ({ pageParam, signal }) =>
      call<ListingsPage>("GET", PATH, { query: { ...wanted, cursor: pageParam, limit: 24 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: ListingsPage) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: FRESH,
  });

export const listingQuery = (id: string) =>
  queryOptions({
    queryKey: ["listings", "one", id],
    queryFn: ({ signal }) => call<Listing>("GET", `${PATH}/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: FRESH,
  });

export const postListing = (body: Record<string, unknown>): Promise<Listing> => call<Listing>("POST", PATH, { body });

export const changeListing = (id: string, body: Record<string, unknown>): Promise<Listing> =>
  call<Listing>("PATCH", `${PATH}/${id}`, { body });

/** Close somebody else's, as staff. */
export const closeListing = (id: string, reason: string): Promise<Listing> =>
  call<Listing>("POST", `${PATH}/${id}/close`, { body: { reason } });

export const deleteListing = (id: string): Promise<void> => call("DELETE", `${PATH}/${id}`);

export const savedQuery = queryOptions({
  queryKey: ["saved-searches"],
  queryFn: ({ signal }) => call<SavedSearches>("GET", SAVED, { signal }),
});

/** What a kept search asks for, as addresses have it. */
export const wantedBy = ({ query }: SavedSearch): Wanted => wantedOf(toWire(query) as Record<string, unknown>);

export const keepSearch = (name: string, wanted: Wanted): Promise<SavedSearch> =>
  call<SavedSearch>("POST", SAVED, { body: { name, query: { ...wanted } } });

export const renameSearch = (id: string, name: string): Promise<SavedSearch> =>
  call<SavedSearch>("PATCH", `${SAVED}/${id}`, { body: { name } });

export const forgetSearch = (id: string): Promise<void> => call("DELETE", `${SAVED}/${id}`, { keepalive: true });
