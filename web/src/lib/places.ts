// SPDX-License-Identifier: AGPL-3.0-or-later
// Places of the gazetteer, for profiles and listings.
import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { call } from "@/lib/api";
import type { FoundPlace } from "@/lib/types";

/** Places whose name begins like this. */
export const placesQuery = (q: string) =>
  queryOptions({
    queryKey: ["places", q],
    queryFn: ({ signal }) => call<{ places: FoundPlace[] }>("GET", "/api/places", { query: { q }, signal }),
    enabled: q.length > 0,
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  });
