// SPDX-License-Identifier: AGPL-3.0-or-later
// What is read and done about conversations. Pages are keyset pages.
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { strings } from "@/features/messages/strings";
import { call } from "@/lib/api";
import { kept } from "@/lib/kept";
import { handleError } from "@/lib/report";
import { roomsChanged } from "@/lib/rooms";
import { toast } from "@/lib/toasts";
import type { Conversation, FriendPage, InboxPage } from "@/lib/types";

export const FILTERS = ["all", "unread", "requests", "groups"] as const;
export type Filter = (typeof FILTERS)[number];

const ROWS = 30;
/** Friends offered when a conversation is begun. */
const OFFERED = 100;
/** Invitations reach nobody's connection before they are accepted. */
const LOOK_AGAIN = 20_000;

export const inboxQuery = (filter: Filter, q: string) => ({
  ...infiniteQueryOptions({
    queryKey: ["inbox", filter, q],
    queryFn: ({ pageParam, signal }) =>
      kept<InboxPage>("/api/dm/conversations", {
        query: { filter, q: q || undefined, cursor: pageParam, limit: ROWS },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: InboxPage) => page.nextCursor ?? undefined,
  }),
  refetchInterval: LOOK_AGAIN,
});

const path = (id: string): string => `/api/dm/conversations/${encodeURIComponent(id)}`;

export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: ["conversation", id],
    queryFn: ({ signal }) => kept<Conversation>(path(id), { signal }),
    staleTime: 10_000,
  });

/** Whom one may write to at once. */
export const offeredQuery = queryOptions({
  queryKey: ["people", "offered"],
  queryFn: ({ signal }) => call<FriendPage>("GET", "/api/me/friends", { query: { limit: OFFERED }, signal }),
});

interface NewConversation {
  participants: string[];
  name: string;
}

/** Open a conversation with one person, or begin a group. */
export function useOpen(onOpen: (conversation: Conversation) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ participants, name }: NewConversation) =>
      call<Conversation>("POST", "/api/dm/conversations", {
        body: { participants, name: participants.length > 1 && name.trim() ? name.trim() : null },
      }),
    onSuccess: async (conversation) => {
      client.setQueryData(["conversation", conversation.id], conversation);
      onOpen(conversation);
      await roomsChanged(client);
    },
  });
}

type Going = () => Promise<void>;

/** What a person may do in a conversation or about an invitation to one. */
export function useConversationActions(id: string) {
  const client = useQueryClient();
  const act = <Given>(context: string, run: (given: Given) => Promise<unknown>, said?: (given: Given) => string) => ({
    mutationFn: run,
    onSuccess: (_: unknown, given: Given) => {
      if (said) toast(said(given));
      return roomsChanged(client);
    },
    onError: (error: unknown) => {
      toast(handleError(context, error), { tone: "bad" });
      void roomsChanged(client);
    },
  });
  // Both take where to go next, and go there before the lists are read anew: what was pressed is
  // then no longer in them.
  const accept = useMutation(act("accept", (go: Going) => call("POST", `${path(id)}/accept`).then(go)));
  const leave = useMutation(act("leave", (go: Going) => call("POST", `${path(id)}/leave`).then(go)));
  const rename = useMutation(
    act("rename", (name: string) => call("PATCH", path(id), { body: { name } }), () => strings.renamed),
  );
  const add = useMutation(
    act("add", (userId: string) => call("POST", `${path(id)}/participants`, { body: { userId } }), () => strings.wasInvited),
  );
  const remove = useMutation(
    act("remove", ({ userId }: { userId: string; name: string }) =>
      call("DELETE", `${path(id)}/participants/${encodeURIComponent(userId)}`),
      ({ name }) => strings.wasRemoved(name),
    ),
  );
  const handOver = useMutation(
    act("hand over", ({ userId }: { userId: string; name: string }) =>
      call("POST", `${path(id)}/hand-over`, { body: { userId } }),
      ({ name }) => strings.handedOver(name),
    ),
  );
  return { accept, leave, rename, add, remove, handOver };
}

/** Put an invitation away; the server hears of it when Undo has passed. */
export const decline = (id: string): Promise<void> => call("POST", `${path(id)}/decline`, { keepalive: true });

/** Ask somebody to be friends, who is to be written to. */
export const befriend = (user: string): Promise<unknown> =>
  call("POST", `/api/profile/${encodeURIComponent(user)}/friend-request`, { body: { message: null } });

/** Say yes to a friend request that waits. */
export const agree = (request: string): Promise<unknown> =>
  call("POST", `/api/friends/${request}/respond`, { body: { action: "accept" } });
