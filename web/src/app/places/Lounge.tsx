// SPDX-License-Identifier: AGPL-3.0-or-later
// The Lounge: the forum that is open.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { DoorClosed } from "lucide-react";
import { useDeferredValue } from "react";

import { Gone } from "@/app/places/Gone";
import { Place, PlaceHeader } from "@/app/places/Place";
import { ForumPanel } from "@/app/places/beside";
import { strings as app } from "@/app/strings";
import { RoomView } from "@/features/conversation/pages";
import { forumsQuery } from "@/features/lounge/api";
import { ForumList } from "@/features/lounge/components/ForumList";
import { strings } from "@/features/lounge/strings";
import { ApiError } from "@/lib/api-error";
import { roomQuery } from "@/lib/rooms";
import { EmojiTile } from "@/ui/EmojiTile";
import { PageHeading } from "@/ui/PageHeading";
import { Failure, SkeletonRows } from "@/ui/States";

/** One forum. */
export function Forum() {
  const { forum } = useParams({ from: "/inside/lounge/$forum" });
  const query = useQuery(roomQuery(forum));
  const listed = useInfiniteQuery(forumsQuery("active")).data?.pages.flatMap((page) => page.forums);
  // The list beside is read more often: both are to say the same number.
  const online = listed?.find(({ id }) => id === query.data?.id)?.onlineCount;
  const room = query.data && { ...query.data, onlineCount: online ?? query.data.onlineCount };
  const name = room?.name ?? strings.unnamed;
  const gone = query.error instanceof ApiError && [400, 403, 404].includes(query.error.status);
  // The first one is drawn in small steps, so that a press in between is not kept waiting.
  const ready = useDeferredValue(room !== undefined);
  if (!room || !ready || gone) {
    return (
      <Place list={<ForumList />}>
        <div className="m-auto w-full max-w-lg p-4">
          {!gone && (
            <div className="sr-only">
              <PageHeading title={strings.title} />
            </div>
          )}
          {!ready && !query.isError && <SkeletonRows label={app.theForum} />}
          {gone && (
            <Gone room={forum} name={room?.name} icon={DoorClosed} title={strings.absent[0]} text={strings.absent[1]}>
              <Link to="/lounge" className="btn-primary">
                {strings.all}
              </Link>
            </Gone>
          )}
          {query.isError && !gone && <Failure error={query.error} onRetry={() => void query.refetch()} />}
        </div>
      </Place>
    );
  }
  return (
    <Place list={<ForumList />} details={{ title: strings.about, content: <ForumPanel room={room} /> }}>
      <RoomView
        key={room.id}
        room={forum}
        header={
          <PlaceHeader
            title={name}
            line={`${strings.online(room.onlineCount)} · ${strings.members(room.membersCount)}`}
            picture={<EmojiTile emoji={room.emoji} name={name} />}
            back="/lounge"
            backLabel={strings.all}
          />
        }
      />
    </Place>
  );
}
