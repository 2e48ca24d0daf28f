// SPDX-License-Identifier: AGPL-3.0-or-later
// The cache of what the server said.
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";

import { ApiError, isRefusal } from "@/lib/api-error";
import { logError } from "@/lib/report";

/** The cache; `onSignedOut` is told when the server no longer knows the session. */
export function makeClient(onSignedOut: () => void): QueryClient {
  const note = (context: string) => (error: unknown) => {
    if (isRefusal(error, "unauthenticated")) onSignedOut();
    logError(context, error);
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError: note("query") }),
    mutationCache: new MutationCache({ onError: note("mutation") }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (count, error) => error instanceof ApiError && error.temporary && count < 2,
        retryDelay: (count) => Math.min(1000 * 2 ** count, 8000),
        networkMode: "always",
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
