// SPDX-License-Identifier: AGPL-3.0-or-later
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CheckCheck, MessagesSquare } from "lucide-react";

import { SORTS, type Sort, forumAddress, forumsQuery } from "@/features/lounge/api";
import { strings } from "@/features/lounge/strings";
import { useCounts, useRoomActions } from "@/lib/rooms";
import { brief } from "@/lib/time";
import type { Forum } from "@/lib/types";
import { Button } from "@/ui/Button";
import { EmojiTile } from "@/ui/EmojiTile";
import { PageHeading } from "@/ui/PageHeading";
import { Paged } from "@/ui/Paged";
import { Notice } from "@/ui/States";
import { UnreadMark } from "@/ui/UnreadMark";

/** All forums one may see. */
export function LoungePage({ sort }: { sort: Sort }) {
  const query = useInfiniteQuery(forumsQuery(sort));
  return (
    <>
      <PageHeading title={strings.title} lead={strings.lead} />
      <nav aria-label={strings.sort} className="-mx-1 mb-4 flex gap-1 overflow-x-auto p-1">
        {SORTS.map((one) => (
          <Link
            key={one}
            to="/lounge"
            search={one === "active" ? {} : { sort: one }}
            className="tab-link"
            activeProps={{ "aria-current": one === sort ? "page" : undefined }}
            inactiveProps={{ "aria-current": one === sort ? "page" : undefined }}
          >
            {strings.sorts[one]}
          </Link>
        ))}
      </nav>
      <Paged
        query={query}
        items={(page) => page.forums}
        label={strings.forums}
        empty={
          sort === "unread" ? (
            <Notice icon={CheckCheck} title={strings.emptyUnread[0]} text={strings.emptyUnread[1]}>
              <Link to="/lounge" className="btn-secondary">
                {strings.showAll}
              </Link>
            </Notice>
          ) : (
            <Notice icon={MessagesSquare} title={strings.empty[0]} text={strings.empty[1]} />
          )
        }
      >
        {(forum) => <Card key={forum.id} forum={forum} />}
      </Paged>
    </>
  );
}

function Card({ forum }: { forum: Forum }) {
  const { join } = useRoomActions();
  const counts = useCounts(forum);
  const name = forum.name ?? strings.unnamed;
  const params = { forum: forumAddress(forum) };
  const about = forum.topic ?? forum.description;
  const last = forum.lastMessage;
  return (
    <li className="glass-card relative flex flex-wrap items-start gap-x-4 gap-y-3 p-4">
      <EmojiTile emoji={forum.emoji} name={name} large />
      <div className="min-w-0 grow basis-0">
        <h2 className="flex items-center gap-2.5 text-lg font-bold">
          {/* The whole card leads there; the button lies above. */}
          <Link to="/lounge/$forum" params={params} className="wrap-anywhere rounded-sm after:absolute after:inset-0">
            <bdi>{name}</bdi>
          </Link>
          {forum.joined && <UnreadMark counts={counts} />}
        </h2>
        {about && <p className="wrap-anywhere text-sm text-quiet"><bdi>{about}</bdi></p>}
        <p className="mt-2 line-clamp-2 wrap-anywhere text-sm">
          {last ? (
            <>
              <bdi className="font-semibold">{strings.by(last.senderName ?? last.sender)}</bdi>
              <bdi>{last.excerpt}</bdi> <span className="text-quiet">· {brief(last.ts)}</span>
            </>
          ) : (
            <span className="text-quiet">{strings.silent}</span>
          )}
        </p>
        <p className="mt-2.5 flex flex-wrap items-center gap-x-3 gap-y-1.5 text-sm text-quiet">
          <span className="inline-flex items-center gap-2">
            <span aria-hidden="true" className={`luminous-dot ${forum.onlineCount ? "" : "luminous-dot-away"}`} />
            {strings.online(forum.onlineCount)}
          </span>
          <span>{strings.members(forum.membersCount)}</span>
          {forum.slowMode > 0 && <span className="tag">{strings.slow(forum.slowMode)}</span>}
          {strings.trust[forum.minTrustToJoin] && <span className="tag">{strings.trust[forum.minTrustToJoin]}</span>}
        </p>
      </div>
      {!forum.joined && (
        <Button
          small
          look="outline"
          className="relative"
          aria-label={`${strings.join}: ${name}`}
          busy={join.isPending}
          onPress={() => join.mutate(forum.id)}
        >
          {strings.join}
        </Button>
      )}
    </li>
  );
}
