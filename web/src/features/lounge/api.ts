// SPDX-License-Identifier: AGPL-3.0-or-later
// What is read about forums. Pages are keyset pages.
import { infiniteQueryOptions } from "@tanstack/react-query";

import { kept } from "@/lib/kept";
import type { Forum, ForumsPage } from "@/lib/types";

export const SORTS = ["active", "new", "unread"] as const;
export type Sort = (typeof SORTS)[number];

const ROWS = 30;

export const forumsQuery = (sort: Sort) =>
  infiniteQueryOptions({
    queryKey: ["lounge", sort],
    queryFn: ({ pageParam, signal }) =>
      kept<ForumsPage>("/api/v1/lounge", { query: { sort, cursor: pageParam, limit: ROWS }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: ForumsPage) => page.nextCursor ?? undefined,
    staleTime: 20_000,
  });

/** A forum in an address: its slug where it has one. */
export const forumAddress = (forum: Pick<Forum, "slug" | "id">): string => forum.slug ?? forum.id;
