// SPDX-License-Identifier: AGPL-3.0-or-later
import {
  type InfiniteData,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
  useQuery,
} from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { EyeOff, UserRoundX, UsersRound } from "lucide-react";

import { friendsOfQuery, relationshipQuery } from "@/features/connections/api";
import { CallToAction } from "@/features/connections/components/CallToAction";
import { Paged } from "@/ui/Paged";
import { PersonMenu } from "@/features/connections/components/PersonMenu";
import { PersonRow } from "@/features/connections/components/PersonRow";
import { strings } from "@/features/connections/strings";
import { ApiError } from "@/lib/api-error";
import { handleOf, nameOf } from "@/lib/person";
import { useMe } from "@/lib/session";
import { day, relative } from "@/lib/time";
import type { FriendPage, Relationship } from "@/lib/types";
import { Avatar } from "@/ui/Avatar";
import { PageHeading } from "@/ui/PageHeading";
import { Failure, Notice, SkeletonRows } from "@/ui/States";

/** One person, and how one stands to them. */
export default function PersonPage() {
  const { user } = useParams({ from: "/inside/pages/people/$user" });
  const query = useQuery(relationshipQuery(user));
  // How one stands to a name can always be said; only the list tells that nobody bears it.
  const friends = useInfiniteQuery(friendsOfQuery(user));
  const unknown = friends.error instanceof ApiError && friends.error.status === 404;
  if (query.isPending || (friends.isPending && !query.isError)) return <SkeletonRows count={3} label="This person: on the way" />;
  const { error } = query;
  if (unknown || !query.data) {
    const nobody = unknown || (error instanceof ApiError && [400, 404].includes(error.status));
    return (
      <>
        <PageHeading title={nobody ? "Nobody by that name" : "This person"} />
        {nobody ? (
          <Notice
            icon={UserRoundX}
            title="There is nobody here"
            text="Look at the name once more; for people of other servers write the whole Matrix id."
          >
            <Link to="/connections" className="btn-secondary">
              {strings.title}
            </Link>
          </Notice>
        ) : (
          <Failure error={error} onRetry={() => void query.refetch()} />
        )}
      </>
    );
  }
  return (
    <div className="grid gap-6">
      <Card key={user} relationship={query.data} />
      {query.data.state !== "blocked" && <Friends query={friends} relationship={query.data} />}
    </div>
  );
}

function Card({ relationship }: { relationship: Relationship }) {
  const { home } = useMe();
  const { person, state, following, muted } = relationship;
  const facts = [
    relationship.followedBy && "Follows you",
    muted && "Muted",
    relationship.mutualCount ? strings.mutual(relationship.mutualCount) : null,
  ].filter((fact) => typeof fact === "string");
  const { friendsSince, request } = relationship;
  return (
    <article className="glass-panel overflow-hidden">
      <div aria-hidden="true" className="h-28 bg-linear-to-r from-cyan-600/70 via-indigo-600/60 to-pink-600/70" />
      <div className="flex flex-wrap items-end gap-x-5 gap-y-3 px-5 pb-5">
        <div className="-mt-14 rounded-full bg-raised p-1">
          <Avatar person={person} size={112} />
        </div>
        <div className="-mb-5 min-w-0 grow pt-3">
          <PageHeading title={nameOf(person)} lead={handleOf(person.userId, home)} />
        </div>
        <div className="flex flex-wrap items-center gap-2">
          <CallToAction relationship={relationship} />
          {state !== "self" && state !== "blocked" && (
            <PersonMenu person={person} friends={state === "friends"} muted={muted} following={following} />
          )}
        </div>
      </div>
      {(facts.length > 0 || friendsSince || request) && (
        <div className="grid gap-3 border-t border-line px-5 py-4">
          {request?.message && (
            <p className="glass-subtle wrap-anywhere justify-self-start rounded-tl-sm px-4 py-2.5">
              {request.message}
            </p>
          )}
          <div className="flex flex-wrap items-center gap-2 text-sm text-quiet">
            {friendsSince && <span>{strings.friendsSince(day(friendsSince))}</span>}
            {state === "request_sent" && request && (
              <span>{strings.youAsked(relative(request.createdAt), relative(request.expiresAt))}</span>
            )}
            {facts.map((fact) => (
              <span key={fact} className="tag">
                {fact}
              </span>
            ))}
          </div>
        </div>
      )}
    </article>
  );
}

interface FriendsProps {
  // Handed down: a second reader of a refused list would ask for it again as soon as it is drawn.
  query: UseInfiniteQueryResult<InfiniteData<FriendPage>>;
  relationship: Relationship;
}

function Friends({ query, relationship }: FriendsProps) {
  const { person, state } = relationship;
  const hidden = query.error instanceof ApiError && query.error.status === 403;
  return (
    <section aria-labelledby="friends-title">
      <h2 id="friends-title" className="mb-3 text-lg font-bold">
        {strings.tabs.friends}
      </h2>
      {hidden ? (
        <div className="glass-subtle">
          <Notice
            icon={EyeOff}
            title="Private to them"
            text={`${nameOf(person)} keeps this list for ${state === "friends" ? "themselves" : "friends, or for nobody"}.`}
          />
        </div>
      ) : (
        <Paged
          query={query}
          items={(page) => page.friends}
          label={strings.tabs.friends}
          empty={
            <Notice icon={UsersRound} title="Nobody to show" text="No friends that you may see." />
          }
        >
          {(friend) => (
            <PersonRow key={friend.userId} person={friend}>
              {friend.friendshipStatus === "friends" && <span className="tag">Your friend too</span>}
              {friend.friendshipStatus === "self" && <span className="tag">You</span>}
            </PersonRow>
          )}
        </Paged>
      )}
    </section>
  );
}
