// SPDX-License-Identifier: AGPL-3.0-or-later
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CheckCheck, Inbox, MessageCirclePlus, SearchX, UsersRound } from "lucide-react";
import { useDeferredValue, useState } from "react";

import { FILTERS, type Filter, inboxQuery } from "@/features/messages/api";
import { InboxRow } from "@/features/messages/components/InboxRow";
import { RequestRow } from "@/features/messages/components/RequestRow";
import { useCreating, usePutAway } from "@/features/messages/creating";
import { strings } from "@/features/messages/strings";
import { Button } from "@/ui/Button";
import { Failure, Notice, SkeletonRows } from "@/ui/States";
import { strings as ui } from "@/ui/strings";
import { useRows } from "@/ui/use-rows";

const ICONS = { all: MessageCirclePlus, unread: CheckCheck, requests: Inbox, groups: UsersRound };

/** Every conversation, the most recently active first. */
export function InboxList({ filter }: { filter: Filter }) {
  const [text, setText] = useState("");
  const q = useDeferredValue(text.trim());
  const query = useInfiniteQuery(inboxQuery(filter, q));
  const requests = useInfiniteQuery(inboxQuery("requests", ""));
  const away = usePutAway((state) => state.ids);
  const all = (query.data?.pages.flatMap((page) => page.conversations) ?? []).filter(({ id }) => !away.has(id));
  const { list, row } = useRows(all.filter(({ request }) => !request).map(({ id }) => id));
  const waiting = (requests.data?.pages[0]?.conversations ?? []).filter(({ id }) => !away.has(id)).length;
  const [title, hint] = q ? strings.nothingFound : strings.empty[filter];
  return (
    <section aria-label={strings.list} className="glass-panel flex h-full min-h-0 flex-col gap-2 p-3 max-md:rounded-none max-md:border-0 max-md:bg-none max-md:shadow-none">
      <div className="flex min-h-10 items-center justify-between gap-2 ps-1.5">
        <h2 className="text-lg font-bold">{strings.title}</h2>
        <Button look="ghost" aria-label={strings.create} onPress={() => useCreating.setState({ open: true })}>
          <MessageCirclePlus aria-hidden="true" className="size-5" />
        </Button>
      </div>
      <input
        className="input-glass min-h-10"
        type="search"
        aria-label={strings.search}
        placeholder={strings.search}
        maxLength={100}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <nav aria-label={strings.filter} className="-mx-1 flex justify-between overflow-x-auto p-1">
        {FILTERS.map((one) => (
          <Link
            key={one}
            to="."
            search={one === "all" ? {} : { filter: one }}
            className="tab-link min-h-8 gap-1.5 px-2 text-sm"
            activeProps={{ "aria-current": one === filter ? "page" : undefined }}
            inactiveProps={{ "aria-current": one === filter ? "page" : undefined }}
          >
            {strings.filters[one]}
            {one === "requests" && waiting > 0 && (
              <span className="badge-count">
                {waiting}
                <span className="sr-only"> {strings.waiting}</span>
              </span>
            )}
          </Link>
        ))}
      </nav>
      <div className="-mx-1 min-h-0 grow overflow-y-auto px-1">
        {query.isPending && <SkeletonRows label={ui.onTheWay(strings.list)} />}
        {query.isError && !query.data && <Failure error={query.error} onRetry={() => void query.refetch()} />}
        {query.data && all.length === 0 && (
          <Notice icon={q ? SearchX : ICONS[filter]} title={title} text={hint}>
            {!q && filter !== "requests" && filter !== "unread" && (
              <Button look="primary" onPress={() => useCreating.setState({ open: true })}>
                {strings.create}
              </Button>
            )}
          </Notice>
        )}
        <ul aria-label={strings.list} className="grid grid-cols-[minmax(0,1fr)] gap-0.5" {...list}>
          {all.map((entry) =>
            entry.request ? (
              <RequestRow key={entry.id} entry={entry} />
            ) : (
              <InboxRow key={entry.id} entry={entry} filter={filter} row={row(entry.id)} />
            ),
          )}
        </ul>
        {query.hasNextPage && (
          <Button small className="mx-auto mt-3 flex" busy={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
            {ui.more}
          </Button>
        )}
      </div>
    </section>
  );
}
