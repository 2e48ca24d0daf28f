// SPDX-License-Identifier: AGPL-3.0-or-later
// Finding people: by words, by what they say of themselves, by whom one knows.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";

import { call } from "@/lib/api";
import type { Facets, SearchPage, SuggestionPage } from "@/lib/types";

/** What people are looked for by; all of it must hold. */
export interface Wanted {
  q?: string;
  country?: string;
  city?: string;
  pronouns?: string;
  /** Ids of interests. */
  interests?: readonly string[];
  /** A room or community one is in. */
  place?: string;
}

export const KINDS = ["country", "city", "pronouns", "place"] as const;

/** What an address asks for; anything else is left out. */
export function wantedOf(search: Record<string, unknown>): Wanted {
  const wanted: Wanted = {};
  for (const name of ["q", ...KINDS] as const) {
    const value = search[name];
    if (typeof value === "string" && value) wanted[name] = value.slice(0, 255);
  }
  const { interests } = search;
  const ids = typeof interests === "string" ? [interests] : Array.isArray(interests) ? interests : [];
  const chosen = ids.filter((one): one is string => typeof one === "string" && one !== "");
  if (chosen.length > 0) wanted.interests = [...new Set(chosen)].slice(0, 12);
  return wanted;
}

/** Whether anything is asked for at all. */
export const isAsking = (wanted: Wanted): boolean => Object.keys(wanted).length > 0;

const query = ({ interests, ...rest }: Wanted) => ({ ...rest, interests: interests?.join(",") });

export const searchQuery = (wanted: Wanted) =>
  infiniteQueryOptions({
    queryKey: ["people", "search", wanted],
    queryFn: ({ pageParam, signal }) =>
      call<SearchPage>("GET", "/api/people/search", { query: { ...query(wanted), cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: SearchPage) => page.nextCursor ?? undefined,
    enabled: isAsking(wanted),
    placeholderData: keepPreviousData,
  });

export const facetsQuery = (wanted: Wanted) =>
  queryOptions({
    queryKey: ["people", "facets", wanted],
    queryFn: ({ signal }) => call<Facets>("GET", "/api/people/search/facets", { query: query(wanted), signal }),
    enabled: isAsking(wanted),
    placeholderData: keepPreviousData,
  });

export const suggestionsQuery = infiniteQueryOptions({
  queryKey: ["people", "suggestions"],
  queryFn: ({ pageParam, signal }) =>
    call<SuggestionPage>("GET", "/api/people/suggestions", { query: { cursor: pageParam, limit: 6 }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page: SuggestionPage) => page.nextCursor ?? undefined,
});

/** Never suggest somebody again. */
export const dismiss = (userId: string): Promise<void> =>
  call("DELETE", `/api/people/suggestions/${encodeURIComponent(userId)}`);
