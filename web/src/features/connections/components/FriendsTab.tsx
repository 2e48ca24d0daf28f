// SPDX-License-Identifier: AGPL-3.0-or-later
import { useInfiniteQuery } from "@tanstack/react-query";
import { SearchX, UsersRound } from "lucide-react";
import { useDeferredValue, useState } from "react";

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
import { SearchBox } from "@/ui/SearchBox";
import { Notice } from "@/ui/States";

/** So many friends are looked over without a search. */
const FEW = 6;

/** Friends, newest first, and whom one looks for among them. */
export function FriendsTab() {
  const [text, setText] = useState("");
  const q = useDeferredValue(text.trim());
  const all = useInfiniteQuery(friendsQuery()).data?.pages[0]?.total ?? 0;
  const query = useInfiniteQuery(friendsQuery(q));
  const found = query.data?.pages[0]?.total ?? 0;
  return (
    <>
      {(all > FEW || text) && (
        <SearchBox className="mb-3" label={strings.among} placeholder={strings.amongHint} maxLength={100} text={text} onText={setText} />
      )}
      <p role="status" className="mb-2 text-sm text-quiet empty:hidden">
        {found > 0 && strings.count(found)}
      </p>
      <Paged
        query={query}
        items={(page) => page.friends}
        label={strings.tabs.friends}
        empty={q ? <Notice icon={SearchX} title={strings.notAmong[0]} text={strings.notAmong[1]} /> : <Nobody />}
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
    </>
  );
}

function Nobody() {
  const [title, text] = strings.empty.friends;
  return (
    <Notice icon={UsersRound} title={title} text={text}>
      <Button look="primary" onPress={() => useAdding.setState({ open: true })}>
        {strings.add}
      </Button>
    </Notice>
  );
}
