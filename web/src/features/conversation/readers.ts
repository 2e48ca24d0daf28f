// SPDX-License-Identifier: AGPL-3.0-or-later
// Who has read how far, as far as they show it.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useContext, useMemo } from "react";

import { ConversationContext } from "@/features/conversation/actions";
import { type Receipts, receiptsQuery } from "@/features/conversation/api";
import { useHere } from "@/features/conversation/hooks";
import type { Frame } from "@/lib/live/frames";
import { useFrames } from "@/lib/live/use-live";
import type { Person } from "@/lib/types";

type Reader = Pick<Person, "userId" | "displayName" | "avatarUrl">;

/** Keep a room's receipts up to date while drawn. */
export function useReceiptFrames(roomId: string): void {
  const client = useQueryClient();
  const hear = useCallback(
    (frame: Frame) => {
      if (frame.event !== "receipt" || frame.roomId !== roomId || frame.threadId) return;
      const { userId, eventId, ts } = frame;
      const { queryKey } = receiptsQuery(roomId);
      // The answer on its way may be older than this.
      if (client.isFetching({ queryKey }) > 0) void client.invalidateQueries({ queryKey });
      client.setQueryData(queryKey, (old: Receipts | undefined) => {
        if (!old) return old;
        const known = old.items.find((one) => one.userId === userId);
        const next = { userId, displayName: known?.displayName ?? "", avatarUrl: known?.avatarUrl ?? null, eventId, ts };
        return { ...old, items: [...old.items.filter((one) => one !== known), next] };
      });
    },
    [client, roomId],
  );
  useFrames(hear);
}

/** Who has read an event or something after it. */
export function useReaders(eventId: string): Reader[] {
  const { room, me, names } = useHere();
  const conversation = useContext(ConversationContext);
  const { data } = useQuery(receiptsQuery(room.roomId));
  return useMemo(() => {
    const items = conversation?.store.getState().timeline.items ?? [];
    const place = new Map(items.map((item, at) => [item.eventId, at]));
    const from = place.get(eventId);
    if (from === undefined || !data) return [];
    const author = items[from]?.sender;
    return data.items
      .filter((one) => one.userId !== me && one.userId !== author && (place.get(one.eventId) ?? -1) >= from)
      .map((one) => ({ ...one, displayName: one.displayName || (names.get(one.userId) ?? "") }));
  }, [conversation, data, eventId, me, names]);
}
