// SPDX-License-Identifier: AGPL-3.0-or-later
// The cache of what the server said.
import {
  type InvalidateOptions,
  type InvalidateQueryFilters,
  MutationCache,
  type Query,
  QueryCache,
  QueryClient,
  type QueryKey,
} from "@tanstack/react-query";

import { ApiError, isRefusal } from "@/lib/api-error";
import { logError } from "@/lib/report";

/** The cache; `onSignedOut` is told when the server no longer knows the session. */
export function makeClient(onSignedOut: () => void): QueryClient {
  const note = (context: string) => (error: unknown) => {
    if (isRefusal(error, "unauthenticated")) onSignedOut();
    logError(context, error);
  };
  return new Client({
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

/**
 * Reads once more what changed while it was read for the first time.
 *
 * The library begins a reading anew when what is read changes meanwhile, but not the first one: its
 * answer, which may be older than the change, would count as fresh.
 */
class Client extends QueryClient {
  /** By the first reading that is under way: when the one after it has ended. */
  readonly #followed = new WeakMap<Promise<unknown>, Promise<void>>();

  override async invalidateQueries<Key extends QueryKey = QueryKey>(
    filters?: InvalidateQueryFilters<Key>,
    options?: InvalidateOptions,
  ): Promise<void> {
    const first = this.getQueryCache().findAll(filters).filter(isFirst);
    const read = super.invalidateQueries(filters, options);
    await Promise.all([read, ...first.map((query) => this.#follow(query))]);
  }

  /** However often it changes, one reading follows. */
  #follow(query: Query): Promise<void> {
    const reading = query.promise;
    if (!reading) return Promise.resolve();
    const known = this.#followed.get(reading);
    if (known) return known;
    const again = () => super.invalidateQueries({ predicate: (one) => one === query });
    const followed = reading.then(again, (error: unknown) => (isNotThere(error) ? again() : undefined));
    this.#followed.set(reading, followed);
    return followed;
  }
}

const isFirst = ({ state }: Query): boolean => state.fetchStatus !== "idle" && state.data === undefined;

// What is not there may be there after the change. Whatever else went wrong was tried again already,
// or waits for the person; and what was cancelled is wanted no more.
const isNotThere = (error: unknown): boolean => error instanceof ApiError && [403, 404].includes(error.status);
