// SPDX-License-Identifier: AGPL-3.0-or-later
// Profiles as the server tells them: what one may not see is not there at all.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";

import { call } from "@/lib/api";
import type { ActivityPage, Interest, Profile } from "@/lib/types";

/** As whom one looks at one's own page. */
export const LOOKS = ["friend", "stranger", "anonymous"] as const;
export type Look = (typeof LOOKS)[number];

const address = (user: string): string => `/api/profile/${encodeURIComponent(user)}`;

// Under "people", because how one stands to somebody is part of it.
export const profileQuery = (user: string, as?: Look) =>
  queryOptions({
    queryKey: ["people", "profile", user, as ?? null],
    queryFn: ({ signal }) => call<Profile>("GET", address(user), { query: { as }, signal }),
  });

export const activityQuery = (user: string, as?: Look) =>
  infiniteQueryOptions({
    queryKey: ["people", "activity", user, as ?? null],
    queryFn: ({ pageParam, signal }) =>
      call<ActivityPage>("GET", `${address(user)}/activity`, { query: { as, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: ActivityPage) => page.nextCursor ?? undefined,
  });

export const optionsQuery = queryOptions({
  queryKey: ["profile-options"],
  queryFn: ({ signal }) => call<{ genders: string[]; pronouns: string[] }>("GET", "/api/profile/options", { signal }),
  staleTime: Infinity,
});

export const interestsQuery = (q: string) =>
  queryOptions({
    queryKey: ["interests", q],
    queryFn: ({ signal }) =>
      call<{ interests: Interest[] }>("GET", "/api/profile/interests", { query: { q: q || undefined }, signal }),
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  });

/** Change one's own profile; `revision` refuses when it has changed meanwhile. */
export const changeProfile = (user: string, body: Record<string, unknown>): Promise<Profile> =>
  call<Profile>("PUT", address(user), { body });
