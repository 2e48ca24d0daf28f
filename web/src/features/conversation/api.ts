// SPDX-License-Identifier: AGPL-3.0-or-later
// What is read and done about a room, apart from its messages as such.
import { type QueryClient, infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { call } from "@/lib/api";
import type { Attachment, Message, Reactor } from "@/lib/message";
import type { Person } from "@/lib/types";

export interface Room {
  id: string;
  roomId: string;
  kind: string;
  name: string | null;
  topic: string | null;
  avatarUrl: string | null;
  slug: string | null;
  emoji: string | null;
  encrypted: boolean;
  readOnly: boolean;
  readOnlyReason: string | null;
  /** My effective seconds. */
  slowMode: number;
  slowModeUntil: number | null;
  membersCount: number;
  onlineCount: number;
  membership: string | null;
  can: {
    send: boolean;
    removeOthers: boolean;
    pin: boolean;
    notifyRoom: boolean;
    invite: boolean;
    rename: boolean;
  };
  position: number | null;
  unread: number;
  mentions: number;
  readEventId: string | null;
  muted: boolean;
}

export interface Member extends Pick<Person, "userId" | "displayName" | "avatarUrl"> {
  role?: string | null;
}

interface Cursored<Item> {
  items: Item[];
  nextCursor?: string | null;
}

/** The address of a room in the API. */
export const roomPath = (room: string): string => `/api/v1/rooms/${encodeURIComponent(room)}`;
export const eventPath = (room: string, event: string): string =>
  `${roomPath(room)}/messages/${encodeURIComponent(event)}`;

export const roomQuery = (room: string) =>
  queryOptions({
    queryKey: ["room", room],
    queryFn: ({ signal }) => call<Room>("GET", roomPath(room), { signal }),
    staleTime: 30_000,
  });

/** Read a room's details anew, under every name it is asked for by. */
export const roomChanged = (client: QueryClient): Promise<void> =>
  client.invalidateQueries({ queryKey: ["room"] });

export const membersQuery = (room: string, query: string) =>
  infiniteQueryOptions({
    queryKey: ["members", room, query],
    queryFn: ({ pageParam, signal }) =>
      call<Cursored<Member>>("GET", `${roomPath(room)}/members`, {
        query: { query: query || undefined, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: 60_000,
  });

export interface Receipts {
  items: { userId: string; name: string | null; avatarUrl: string | null; eventId: string; ts: number | null }[];
}

export const receiptsQuery = (room: string) =>
  queryOptions({
    queryKey: ["receipts", room],
    queryFn: ({ signal }) => call<Receipts>("GET", `${roomPath(room)}/receipts`, { signal }),
    staleTime: 60_000,
  });

export const pinsQuery = (room: string) =>
  queryOptions({
    queryKey: ["pins", room],
    queryFn: ({ signal }) => call<Cursored<Message>>("GET", `${roomPath(room)}/pins`, { signal }),
  });

export const threadsQuery = (room: string) =>
  infiniteQueryOptions({
    queryKey: ["threads", room],
    queryFn: ({ pageParam, signal }) =>
      call<Cursored<Message>>("GET", `${roomPath(room)}/threads`, { query: { cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export interface Wanted {
  q?: string;
  sender?: string;
  from?: string;
  to?: string;
  has?: "file" | "link";
}

export const searchQuery = (room: string, wanted: Wanted) =>
  infiniteQueryOptions({
    queryKey: ["search", room, wanted],
    queryFn: ({ pageParam, signal }) =>
      call<Cursored<Message>>("GET", `${roomPath(room)}/search`, {
        query: { ...wanted, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    enabled: Boolean(wanted.q || wanted.has || wanted.sender),
  });

export const messageQuery = (room: string, event: string) =>
  queryOptions({
    queryKey: ["message", room, event],
    queryFn: ({ signal }) => call<Message>("GET", eventPath(room, event), { signal }),
  });

export const reactorsQuery = (room: string, event: string) =>
  infiniteQueryOptions({
    queryKey: ["reactors", room, event],
    queryFn: ({ pageParam, signal }) =>
      call<Cursored<Reactor & { key: string }>>("GET", `${eventPath(room, event)}/reactions`, {
        query: { cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export interface Preview {
  url: string;
  title: string | null;
  description: string | null;
  siteName: string | null;
  image: { url: string; width: number | null; height: number | null } | null;
}

export const previewQuery = (url: string) =>
  queryOptions({
    queryKey: ["preview", url],
    queryFn: ({ signal }) => call<Preview>("GET", "/api/v1/previews", { query: { url }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

export interface QuickReply {
  id: string;
  title: string;
  text: string;
}

export const quickRepliesQuery = queryOptions({
  queryKey: ["quick-replies"],
  queryFn: ({ signal }) => call<Cursored<QuickReply>>("GET", "/api/me/quick-replies", { signal }),
  staleTime: 60_000,
});

export const join = (room: string): Promise<void> => call("POST", `${roomPath(room)}/join`);

export const edit = (room: string, event: string, text: string): Promise<Message> =>
  call<Message>("PUT", eventPath(room, event), { body: { text } });

export const remove = (room: string, event: string): Promise<void> =>
  call("DELETE", eventPath(room, event), { keepalive: true });

export const pin = (room: string, event: string, on: boolean): Promise<void> =>
  call(on ? "PUT" : "DELETE", `${roomPath(room)}/pins/${encodeURIComponent(event)}`);

export const react = (room: string, event: string, key: string, on: boolean): Promise<{ eventId: string } | undefined> =>
  call(on ? "PUT" : "DELETE", `${eventPath(room, event)}/reactions/${encodeURIComponent(key)}`);

/** What was uploaded, to be sent with a message. */
export type Upload = Attachment & { id: string };
