// SPDX-License-Identifier: AGPL-3.0-or-later
// Rooms as all parts of the app need them: which one has, one's place in them, how loud they are.
import { type QueryClient, infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { call } from "@/lib/api";
import { kept } from "@/lib/kept";
import { useUnread } from "@/lib/live/unread";
import { handleError } from "@/lib/report";
import { strings } from "@/lib/strings";
import { toast } from "@/lib/toasts";
import type { MembersPage, Room } from "@/lib/types";

export const roomPath = (room: string): string => `/api/v1/rooms/${encodeURIComponent(room)}`;

/** Every room one is in, the last heard first. */
export const roomsQuery = queryOptions({
  queryKey: ["rooms"],
  queryFn: ({ signal }) => kept<{ rooms: Room[] }>("/api/v1/rooms", { signal }),
  staleTime: 30_000,
});

export const roomQuery = (room: string) =>
  queryOptions({
    queryKey: ["room", room],
    queryFn: ({ signal }) => kept<Room>(roomPath(room), { signal }),
    staleTime: 30_000,
  });

export const rosterQuery = (room: string, query: string) =>
  infiniteQueryOptions({
    queryKey: ["roster", room, query],
    queryFn: ({ pageParam, signal }) =>
      call<MembersPage>("GET", `${roomPath(room)}/members`, {
        query: { query: query || undefined, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: MembersPage) => page.nextCursor ?? undefined,
    staleTime: 30_000,
  });

const LISTS = new Set(["rooms", "room", "roster", "lounge", "inbox", "conversation", "members"]);

/** Read everything about rooms anew. */
export const roomsChanged = (client: QueryClient): Promise<void> =>
  client.invalidateQueries({ predicate: ({ queryKey }) => LISTS.has(String(queryKey[0])) });

export interface Counts {
  unread: number;
  mentions: number;
  muted: boolean;
}

/** What is unread in a room: what the connection says, else what the list said. */
export function useCounts(listed: Counts & { roomId: string }): Counts {
  return useUnread(({ rooms }) => rooms[listed.roomId]) ?? listed;
}

const failed = (context: string) => (error: unknown) => void toast(handleError(context, error), { tone: "bad" });

/** How one stands in a room, changed. */
export function useRoomActions() {
  const client = useQueryClient();
  const mute = useMutation({
    mutationFn: ({ room, muted }: { room: string; muted: boolean }) =>
      call("PUT", `${roomPath(room)}/mute`, { body: { muted } }),
    onSuccess: (_, { muted }) => {
      toast(muted ? strings.muted : strings.heard);
      return roomsChanged(client);
    },
    onError: failed("mute"),
  });
  const join = useMutation({
    mutationFn: (room: string) => call("POST", `${roomPath(room)}/join`),
    onSuccess: () => roomsChanged(client),
    onError: failed("join"),
  });
  const leave = useMutation({
    // Away first: a room that was left is no longer there to be read anew.
    mutationFn: ({ room, go }: { room: string; go: () => Promise<void> }) =>
      call("POST", `${roomPath(room)}/leave`).then(go),
    onSuccess: () => roomsChanged(client),
    onError: failed("leave"),
  });
  return { mute, join, leave };
}
