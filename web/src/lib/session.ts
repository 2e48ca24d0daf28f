// SPDX-License-Identifier: AGPL-3.0-or-later
// Who is signed in. Everything that needs to know asks here.
import { hashKey, type QueryClient, queryOptions, useQuery, useSuspenseQuery } from "@tanstack/react-query";

import { call, setCsrfToken } from "@/lib/api";
import { ApiError, isRefusal } from "@/lib/api-error";
import { forgetBegun } from "@/lib/begun";
import { forgetKept, keep, keepFor, recall, useAway } from "@/lib/kept";
import { serverOf } from "@/lib/person";
import type { Session } from "@/lib/types";

// The page says whether a session cookie came with the request for it, because scripts cannot
// see the cookie: without one there is no need to ask, and nothing red in anybody's console.
let mayBeSignedIn = document.documentElement.hasAttribute("data-session");

// While signing out, a page may be drawn once more before it is left: as whoever it was, for as
// somebody else it would ask for everything again.
let last: Session["user"] = {
  userId: "@nobody:nowhere",
  displayName: "",
  avatarUrl: null,
  local: true,
  staff: null,
};

// The page came from this browser, because the server did not answer.
const keptPage = document.documentElement.hasAttribute("data-kept");
const NAME = "session";

async function fetchSession(): Promise<Session | null> {
  if (!mayBeSignedIn) {
    await forgetKept();
    return null;
  }
  try {
    const session = await call<Session>("GET", "/api/auth/session");
    known(session);
    useAway.setState({ away: false });
    return session;
  } catch (error) {
    if (!isRefusal(error, "unauthenticated")) return await before(error);
    setCsrfToken(null);
    forgetBegun();
    mayBeSignedIn = false;
    await forgetKept();
    return null;
  }
}

function known(session: Session): void {
  setCsrfToken(session.csrfToken);
  last = session.user;
  keepFor(session.user.userId);
  // Without what it takes to do anything: that is asked for anew.
  keep(NAME, { ...session, csrfToken: "" });
}

// Who was signed in when the server was last heard: they read what is kept for them.
async function before(error: unknown): Promise<Session | null> {
  const session = error instanceof ApiError && error.temporary ? await recall<Session>(NAME) : undefined;
  if (session) {
    useAway.setState({ away: true });
    last = session.user;
    keepFor(session.user.userId);
    return session;
  }
  if (keptPage) return null;
  throw error;
}

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: fetchSession,
  staleTime: 5 * 60_000,
  retry: 1,
});

/** Take over a session that has just begun. */
export function beginSession(client: QueryClient, session: Session): void {
  mayBeSignedIn = true;
  forgetBegun();
  known(session);
  client.clear();
  client.setQueryData(sessionQuery.queryKey, session);
}

/** Forget everything about whoever was signed in. */
export function endSession(client: QueryClient): void {
  mayBeSignedIn = false;
  setCsrfToken(null);
  forgetBegun();
  void forgetKept();
  client.clear();
  client.setQueryData(sessionQuery.queryKey, null);
}

/**
 * Tell when whoever was signed in no longer is, whichever answer says so first: the session's own
 * is no refusal, it says that there is nobody.
 */
export function onSessionEnd(client: QueryClient, leave: () => void): () => void {
  const hash = hashKey(sessionQuery.queryKey);
  let somebody = Boolean(client.getQueryData(sessionQuery.queryKey));
  return client.getQueryCache().subscribe(({ query }) => {
    if (query.queryHash !== hash) return;
    const ended = somebody && !query.state.data;
    somebody = Boolean(query.state.data);
    if (ended) leave();
  });
}

/** Nobody is signed in any more: what follows is `onSessionEnd`'s. */
export function noSession(client: QueryClient): void {
  // Who was nobody stays so: a page for everybody is not left for a question of theirs.
  if (client.getQueryData(sessionQuery.queryKey)) client.setQueryData(sessionQuery.queryKey, null);
}

/** A fresh CSRF token, when the old one was refused. */
export async function renewToken(client: QueryClient): Promise<string | null> {
  const session = await client.fetchQuery({ ...sessionQuery, staleTime: 0 });
  return session?.csrfToken ?? null;
}

/** Whoever is signed in; only for pages that need somebody. */
export function useMe(): Session["user"] & { home: string } {
  const { data } = useSuspenseQuery(sessionQuery);
  const user = data?.user ?? last;
  return { ...user, home: serverOf(user.userId) };
}

/** Whether somebody is signed in, for pages open to all. */
export const useSignedIn = (): boolean => Boolean(useQuery(sessionQuery).data);

