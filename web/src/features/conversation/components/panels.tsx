// SPDX-License-Identifier: AGPL-3.0-or-later
// What can be looked up in a room: pins, threads, people, anything ever said.
import { type UseInfiniteQueryResult, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { MessagesSquare, Pin, Search, UsersRound } from "lucide-react";
import { type ReactNode, useDeferredValue, useState } from "react";

import { membersQuery, pinsQuery, searchQuery, threadsQuery } from "@/features/conversation/api";
import { FoundMessage } from "@/features/conversation/components/FoundMessage";
import { useHere } from "@/features/conversation/hooks";
import { strings } from "@/features/conversation/strings";
import { handleOf, nameOf } from "@/lib/person";
import { useMe } from "@/lib/session";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Failure, Notice, SkeletonRows } from "@/ui/States";

interface Paged<Item> {
  items: Item[];
}

interface ListProps<Item> {
  query: Pick<
    UseInfiniteQueryResult<{ pages: Paged<Item>[] }>,
    "data" | "error" | "isPending" | "isError" | "hasNextPage" | "isFetchingNextPage" | "fetchNextPage" | "refetch"
  >;
  empty: ReactNode;
  children: (item: Item) => ReactNode;
}

function List<Item>({ query, empty, children }: ListProps<Item>) {
  if (query.isError) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <SkeletonRows count={4} label={strings.fetching} />;
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (!items.length) return empty;
  return (
    <>
      <ul className="grid gap-2">{items.map(children)}</ul>
      {query.hasNextPage && (
        <Button className="mt-3 w-full" busy={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
          {strings.loadMore}
        </Button>
      )}
    </>
  );
}

const Body = ({ children }: { children: ReactNode }) => (
  <div className="min-h-0 grow overflow-y-auto p-3">{children}</div>
);

export function PinsPanel() {
  const { room } = useHere();
  const query = useQuery(pinsQuery(room.roomId));
  const [title, text] = strings.pinsEmpty;
  return (
    <Body>
      {query.isPending && <SkeletonRows count={3} label={strings.fetching} />}
      {query.isError && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {query.data?.items.length === 0 && <Notice icon={Pin} title={title} text={text} />}
      <ul className="grid gap-2">
        {query.data?.items.map((message) => <FoundMessage key={message.eventId} message={message} />)}
      </ul>
    </Body>
  );
}

export function ThreadsPanel() {
  const { room, openThread } = useHere();
  const query = useInfiniteQuery(threadsQuery(room.roomId));
  const [title, text] = strings.threadsEmpty;
  return (
    <Body>
      <List query={query} empty={<Notice icon={MessagesSquare} title={title} text={text} />}>
        {(message) => (
          <FoundMessage key={message.eventId} message={message} onGo={() => openThread(message.eventId)} />
        )}
      </List>
    </Body>
  );
}

const HAS = [
  { value: undefined, word: "searchAnything" },
  { value: "file", word: "searchFiles" },
  { value: "link", word: "searchLinks" },
] as const;

export function SearchPanel() {
  const { room } = useHere();
  const { home } = useMe();
  const [words, setWords] = useState("");
  const [sender, setSender] = useState("");
  const [has, setHas] = useState<"file" | "link" | undefined>(undefined);
  const q = useDeferredValue(words.trim());
  const from = useDeferredValue(sender.trim());
  const person = from && !from.startsWith("@") ? `@${from}:${home}` : from;
  const query = useInfiniteQuery(searchQuery(room.roomId, { q: q || undefined, sender: person || undefined, has }));
  const asked = Boolean(q || person || has);
  const [title, text] = asked ? strings.searchEmpty : strings.searchStart;
  const nothing = <Notice icon={Search} title={title} text={text} />;
  return (
    <>
      <div role="search" className="grid gap-2 border-b border-line p-3">
        <input className="input-glass" type="search" aria-label={strings.searchFor} placeholder={strings.searchFor} autoFocus maxLength={200} value={words} onChange={(event) => setWords(event.target.value)} />
        <input className="input-glass" aria-label={strings.searchSender} placeholder={strings.searchSender} autoCapitalize="none" spellCheck={false} maxLength={255} value={sender} onChange={(event) => setSender(event.target.value)} />
        <div className="flex gap-1">
          {HAS.map(({ value, word }) => (
            <button key={word} type="button" className="reaction min-h-8 px-3" aria-pressed={has === value} onClick={() => setHas(value)}>
              {strings[word]}
            </button>
          ))}
        </div>
      </div>
      <Body>
        {asked ? (
          <List query={query} empty={nothing}>
            {(message) => <FoundMessage key={message.eventId} message={message} />}
          </List>
        ) : (
          nothing
        )}
      </Body>
    </>
  );
}

export function MembersPanel() {
  const { room } = useHere();
  const { home } = useMe();
  const [words, setWords] = useState("");
  const query = useInfiniteQuery(membersQuery(room.roomId, useDeferredValue(words.trim())));
  const [title, text] = strings.membersEmpty;
  return (
    <>
      <div role="search" className="border-b border-line p-3">
        <input className="input-glass" type="search" aria-label={strings.findMember} placeholder={strings.findMember} maxLength={100} value={words} onChange={(event) => setWords(event.target.value)} />
      </div>
      <Body>
        <List query={query} empty={<Notice icon={UsersRound} title={title} text={text} />}>
          {(person) => (
            <li key={person.userId} className="flex items-center gap-3 py-1">
              <Avatar person={person} size={40} />
              <a href={`/profile/${encodeURIComponent(person.userId)}`} className="grid min-w-0 rounded-md">
                <bdi className="truncate font-semibold">{nameOf(person)}</bdi>
                <bdi className="truncate text-xs text-quiet">{handleOf(person.userId, home)}</bdi>
              </a>
            </li>
          )}
        </List>
      </Body>
    </>
  );
}
