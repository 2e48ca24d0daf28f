// SPDX-License-Identifier: AGPL-3.0-or-later
import { useInfiniteQuery } from "@tanstack/react-query";
import { EyeOff, UsersRound } from "lucide-react";

import { friendsOfQuery } from "@/features/connections/api";
import { PersonRow } from "@/ui/PersonRow";
import { strings } from "@/features/connections/strings";
import { ApiError } from "@/lib/api-error";
import { nameOf } from "@/lib/person";
import type { Relationship } from "@/lib/types";
import { Paged } from "@/ui/Paged";
import { Notice } from "@/ui/States";
import { strings as ui } from "@/ui/strings";

interface Props {
  /** As the address names them. */
  user: string;
  relationship: Relationship;
}

/** Whom somebody knows, if they show it. */
export function FriendsOf({ user, relationship }: Props) {
  const { person, state } = relationship;
  const query = useInfiniteQuery(friendsOfQuery(user));
  const hidden = query.error instanceof ApiError && query.error.status === 403;
  return (
    <section aria-labelledby="friends-title" className="glass-panel min-w-0 p-5">
      <h2 id="friends-title" className="mb-3 text-lg font-bold">
        {strings.tabs.friends}
      </h2>
      {hidden ? (
        <Notice
          icon={EyeOff}
          title={strings.privateList}
          text={state === "friends" ? strings.keptToSelf(nameOf(person)) : strings.keptToFriends(nameOf(person))}
        />
      ) : (
        <Paged
          query={query}
          items={(page) => page.friends}
          label={strings.tabs.friends}
          empty={<Notice icon={UsersRound} title={strings.nobodyToShow[0]} text={strings.nobodyToShow[1]} />}
        >
          {(friend) => (
            <PersonRow key={friend.userId} person={friend}>
              {friend.friendshipStatus === "friends" && <span className="tag">{strings.yourFriendToo}</span>}
              {friend.friendshipStatus === "self" && <span className="tag">{ui.you}</span>}
            </PersonRow>
          )}
        </Paged>
      )}
    </section>
  );
}
