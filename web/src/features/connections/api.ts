// SPDX-License-Identifier: AGPL-3.0-or-later
// What is read about the people one knows. Pages are keyset pages: a cursor, never a number.
import { type QueryClient, infiniteQueryOptions, keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";

import { call } from "@/lib/api";
import { tellTabs } from "@/lib/tabs";
import type { FriendPage, Relationship, RequestPage, TiedPage } from "@/lib/types";

export type Direction = "incoming" | "outgoing";
export type Tie = "blocks" | "mutes" | "following" | "followers";

const ROWS = 30;
/** Milliseconds after which waiting requests are looked at again while the page is seen. */
const LOOK_AGAIN = 20_000;

const pages = <Page extends { nextCursor?: string | null }>(
  key: readonly unknown[],
  path: string,
  query: Record<string, string> = {},
) =>
  infiniteQueryOptions({
    queryKey: ["people", ...key],
    queryFn: ({ pageParam, signal }) =>
      call<Page>("GET", path, { query: { ...query, cursor: pageParam, limit: ROWS }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: Page) => page.nextCursor ?? undefined,
  });

/** One's own friends, or those with some words in their name. */
export const friendsQuery = (q = "") => ({
  ...pages<FriendPage>(q ? ["friends", q] : ["friends"], "/api/me/friends", q ? { q } : {}),
  // While one writes, whoever was found last stays.
  placeholderData: keepPreviousData,
});

export const friendsOfQuery = (user: string) =>
  pages<FriendPage>(["friends-of", user], `/api/profile/${encodeURIComponent(user)}/friends`);

export const requestsQuery = (direction: Direction) => ({
  ...pages<RequestPage>(["requests", direction], "/api/me/friend-requests", { direction }),
  refetchInterval: LOOK_AGAIN,
  staleTime: 0,
});

export const tiesQuery = (tie: Tie) => pages<TiedPage>([tie], `/api/me/${tie}`);

export const relationshipQuery = (user: string) =>
  queryOptions({
    queryKey: ["people", "relationship", user],
    queryFn: ({ signal }) =>
      call<Relationship>("GET", `/api/profile/${encodeURIComponent(user)}/relationship`, { signal }),
  });

/** How many requests wait for an answer of mine; a page at most, "30+" says the rest. */
export function useWaitingCount(enabled = true): string | null {
  const { data } = useQuery({
    queryKey: ["people", "waiting-count"],
    queryFn: ({ signal }) =>
      call<RequestPage>("GET", "/api/me/friend-requests", {
        query: { direction: "incoming", limit: ROWS },
        signal,
      }),
    refetchInterval: LOOK_AGAIN,
    staleTime: 0,
    enabled,
  });
  if (!data?.requests.length) return null;
  return `${data.requests.length}${data.nextCursor ? "+" : ""}`;
}

/** Read everything about people anew, here and in the other tabs. */
export async function peopleChanged(client: QueryClient): Promise<void> {
  tellTabs("people-changed");
  await client.invalidateQueries({ queryKey: ["people"] });
}
