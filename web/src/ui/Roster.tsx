// SPDX-License-Identifier: AGPL-3.0-or-later
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useDeferredValue, useState } from "react";

import { addressOf, handleOf, nameOf } from "@/lib/person";
import { useIsHere } from "@/lib/presence";
import { rosterQuery } from "@/lib/rooms";
import { useMe } from "@/lib/session";
import type { Member } from "@/lib/types";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Failure, SkeletonRows } from "@/ui/States";
import { strings } from "@/ui/strings";

/** Everybody in a room, by name, and who is here. */
export function Roster({ room }: { room: string }) {
  const [text, setText] = useState("");
  const query = useInfiniteQuery(rosterQuery(room, useDeferredValue(text.trim())));
  const members = query.data?.pages.flatMap((page) => page.members) ?? [];
  return (
    <>
      <input
        className="input-glass mb-2 min-h-10"
        type="search"
        aria-label={strings.findHere}
        placeholder={strings.findHere}
        maxLength={64}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {query.isPending && <SkeletonRows count={3} label={strings.onTheWay(strings.people)} />}
      {query.isError && !query.data && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && members.length === 0 && <p className="px-2 py-3 text-sm text-quiet">{strings.nobodyHere}</p>}
      <ul aria-label={strings.people} className="grid grid-cols-[minmax(0,1fr)] gap-0.5">
        {members.map((member) => (
          <Row key={member.userId} member={member} />
        ))}
      </ul>
      {query.hasNextPage && (
        <Button small className="mx-auto mt-2 flex" busy={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
          {strings.more}
        </Button>
      )}
    </>
  );
}

function Row({ member }: { member: Member }) {
  const { home } = useMe();
  const here = useIsHere(member.userId, null, member.online);
  const role = strings.roles[member.role];
  return (
    <li>
      <Link to="/profile/$user" params={{ user: addressOf(member.userId, home) }} className="place-item px-1.5 py-1">
        <span className="relative shrink-0">
          <Avatar person={member} size={32} />
          {here && <span aria-hidden="true" className="luminous-dot absolute end-0 bottom-0" />}
        </span>
        <span className="grid min-w-0 grow">
          <span className="truncate text-sm font-semibold text-ink"><bdi>{nameOf(member)}</bdi></span>
          <span className="truncate text-xs">
            <bdi>{handleOf(member.userId, home)}</bdi>
            {here && <span className="sr-only">, {strings.hereNow}</span>}
          </span>
        </span>
        {role && <span className="tag shrink-0">{role}</span>}
      </Link>
    </li>
  );
}
