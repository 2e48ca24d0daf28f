// SPDX-License-Identifier: AGPL-3.0-or-later
import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { type Collection, sent } from "@/features/showcase/model";
import { call } from "@/lib/api";
import type { Card } from "@/lib/types";

interface Shown {
  showcase: Card[];
}

const path = (user: string): string => `/api/profile/${encodeURIComponent(user)}/showcase`;

export const showcaseQuery = (user: string) =>
  queryOptions({
    queryKey: ["people", "showcase", user],
    queryFn: ({ signal }) => call<Shown>("GET", path(user), { signal }),
  });

/** What could still be put into a collection. */
export const candidatesQuery = (collection: Collection, q: string) =>
  queryOptions({
    queryKey: ["showcase-candidates", collection, q],
    queryFn: ({ signal }) =>
      call<Shown>("GET", "/api/me/showcase/candidates", { query: { collection, q: q || undefined }, signal }),
    placeholderData: keepPreviousData,
  });

/** Make a collection what it is to be; gives the whole showcase. */
export const putCards = (user: string, collection: Collection, cards: readonly Card[]): Promise<Shown> =>
  call<Shown>("PUT", path(user), { body: sent(collection, cards) });
