// SPDX-License-Identifier: AGPL-3.0-or-later
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { Button } from "@/ui/Button";
import { Failure, SkeletonRows } from "@/ui/States";
import { strings } from "@/ui/strings";

interface Props<Page, Item> {
  query: UseInfiniteQueryResult<InfiniteData<Page>>;
  items: (page: Page) => readonly Item[];
  label: string;
  empty: ReactNode;
  /** What stands there until the first page has come; rows unless it is said. */
  awaited?: ReactNode;
  /** How the items lie. */
  className?: string;
  children: (item: Item) => ReactNode;
}

/** A list that comes in pages, in each of its states. */
export function Paged<Page, Item>(props: Props<Page, Item>) {
  const { query, items, label, empty, awaited, className = "grid gap-2", children } = props;
  if (query.isPending) return awaited ?? <SkeletonRows label={strings.onTheWay(label)} />;
  if (query.isError && !query.data) {
    return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  }
  const all = query.data?.pages.flatMap(items) ?? [];
  if (all.length === 0 && !query.hasNextPage) return empty;
  return (
    <>
      <ul aria-label={label} className={className}>
        {all.map(children)}
      </ul>
      {query.hasNextPage && (
        <Button
          className="mx-auto mt-4 flex"
          busy={query.isFetchingNextPage}
          onPress={() => void query.fetchNextPage()}
        >
          {strings.more}
        </Button>
      )}
    </>
  );
}
