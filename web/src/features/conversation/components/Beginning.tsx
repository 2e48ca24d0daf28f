// SPDX-License-Identifier: AGPL-3.0-or-later
import { MessageCircleHeart } from "lucide-react";

import { useHere } from "@/features/conversation/hooks";
import { strings } from "@/features/conversation/strings";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/States";

/** What stands before the first message; alone, it asks for one. */
export function Beginning({ empty }: { empty: boolean }) {
  const { name, room } = useHere();
  if (empty) {
    return (
      <Notice icon={MessageCircleHeart} title={strings.emptyTitle} text={strings.emptyText}>
        {room.can.send && room.membership === "join" && (
          <Button look="primary" onPress={() => document.querySelector<HTMLElement>("[data-composer]")?.focus()}>
            {strings.sayHello}
          </Button>
        )}
      </Notice>
    );
  }
  return (
    <div className="grid gap-1 px-1 pt-10 pb-3">
      <p className="wrap-anywhere text-xl font-extrabold">
        <bdi>{room.otherUserId ? strings.beginningWith(name) : strings.beginning(name)}</bdi>
      </p>
      {room.topic && <p className="wrap-anywhere text-quiet"><bdi>{room.topic}</bdi></p>}
    </div>
  );
}
