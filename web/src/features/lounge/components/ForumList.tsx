// SPDX-License-Identifier: AGPL-3.0-or-later
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { BellOff, LayoutGrid } from "lucide-react";

import { forumAddress, forumsQuery } from "@/features/lounge/api";
import { strings } from "@/features/lounge/strings";
import { useCounts } from "@/lib/rooms";
import type { Forum } from "@/lib/types";
import { EmojiTile } from "@/ui/EmojiTile";
import { Failure, SkeletonRows } from "@/ui/States";
import { UnreadMark } from "@/ui/UnreadMark";
import { strings as ui } from "@/ui/strings";

/** The forums beside the one that is open. */
export function ForumList() {
  const query = useInfiniteQuery(forumsQuery("active"));
  const all = query.data?.pages.flatMap((page) => page.forums) ?? [];
  return (
    <nav aria-label={strings.forums} className="glass-panel flex min-h-0 flex-col gap-2 overflow-y-auto p-3">
      <div className="flex min-h-10 items-center justify-between gap-2 ps-1.5">
        <h2 className="text-lg font-bold">{strings.title}</h2>
        <Link to="/lounge" activeOptions={{ exact: true }} className="btn-ghost" aria-label={strings.all} title={strings.all}>
          <LayoutGrid aria-hidden="true" className="size-5" />
        </Link>
      </div>
      {query.isPending && <SkeletonRows count={4} label={ui.onTheWay(strings.forums)} />}
      {query.isError && !query.data && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      <ul className="grid grid-cols-[minmax(0,1fr)] gap-0.5">
        {all.filter((forum) => forum.joined).map((forum) => (
          <Row key={forum.id} forum={forum} />
        ))}
      </ul>
    </nav>
  );
}

function Row({ forum }: { forum: Forum }) {
  const counts = useCounts(forum);
  const name = forum.name ?? strings.unnamed;
  const loud = counts.unread > 0 || counts.mentions > 0;
  return (
    <li>
      <Link to="/lounge/$forum" params={{ forum: forumAddress(forum) }} className="place-item" data-unread={loud || undefined}>
        <EmojiTile emoji={forum.emoji} name={name} />
        <span className="grid min-w-0 grow grid-cols-[minmax(0,1fr)]">
          <span className={`truncate ${loud ? "font-bold" : "font-semibold"}`}><bdi>{name}</bdi></span>
          <span className="truncate text-xs text-quiet">{strings.online(forum.onlineCount)}</span>
        </span>
        {counts.muted && (
          <>
            <BellOff aria-hidden="true" className="size-4 shrink-0 text-quiet" />
            <span className="sr-only">{strings.isMuted}</span>
          </>
        )}
        <UnreadMark counts={counts} />
      </Link>
    </li>
  );
}
