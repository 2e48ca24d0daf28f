// SPDX-License-Identifier: AGPL-3.0-or-later
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { Button } from "@/ui/Button";
import { Failure, SkeletonRows } from "@/ui/States";

interface Props<Page, Item> {
  query: UseInfiniteQueryResult<InfiniteData<Page>>;
  items: (page: Page) => readonly Item[];
  label: string;
  empty: ReactNode;
  children: (item: Item) => ReactNode;
}

/** A list that comes in pages, in each of its states. */
export function Paged<Page, Item>({ query, items, label, empty, children }: Props<Page, Item>) {
  if (query.isPending) return <SkeletonRows label={`${label}: on the way`} />;
  if (query.isError && !query.data) {
    return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  }
  const all = query.data?.pages.flatMap(items) ?? [];
  if (all.length === 0 && !query.hasNextPage) return empty;
  return (
    <>
      <ul aria-label={label} className="grid gap-2">
        {all.map(children)}
      </ul>
      {query.hasNextPage && (
        <Button
          className="mx-auto mt-4 flex"
          busy={query.isFetchingNextPage}
          onPress={() => void query.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </>
  );
}
