// SPDX-License-Identifier: AGPL-3.0-or-later
import { useInfiniteQuery } from "@tanstack/react-query";
import { UsersRound } from "lucide-react";

import { useAdding } from "@/features/connections/adding";
import { friendsQuery } from "@/features/connections/api";
import { Paged } from "@/ui/Paged";
import { MessageButton } from "@/features/connections/components/MessageButton";
import { PersonMenu } from "@/features/connections/components/PersonMenu";
import { PersonRow } from "@/ui/PersonRow";
import { strings } from "@/features/connections/strings";
import { sharedOf } from "@/lib/shared";
import { day } from "@/lib/time";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/States";

/** Friends, newest first. */
export function FriendsTab() {
  const query = useInfiniteQuery(friendsQuery);
  const [title, text] = strings.empty.friends;
  return (
    <Paged
      query={query}
      items={(page) => page.friends}
      label={strings.tabs.friends}
      empty={
        <Notice icon={UsersRound} title={title} text={text}>
          <Button look="primary" onPress={() => useAdding.setState({ open: true })}>
            {strings.add}
          </Button>
        </Notice>
      }
    >
      {(friend) => (
        <PersonRow
          key={friend.userId}
          person={friend}
          detail={[strings.friendsSince(day(friend.since)), sharedOf(friend)].filter(Boolean).join(" · ")}
        >
          <MessageButton person={friend} small />
          <PersonMenu person={friend} friends />
        </PersonRow>
      )}
    </Paged>
  );
}
