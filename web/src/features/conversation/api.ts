// SPDX-License-Identifier: AGPL-3.0-or-later
// What is read and done about a room, apart from its messages as such.
import { type QueryClient, infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { call } from "@/lib/api";
import type { Camel } from "@/lib/case";
import { kept } from "@/lib/kept";
import type { Attachment, Message } from "@/lib/message";
import type { components } from "@/lib/schema";

type Schemas = components["schemas"];

export type Room = Camel<Schemas["RoomModel"]>;
export type Member = Camel<Schemas["MemberModel"]>;
export type Receipts = Camel<Schemas["ReceiptsModel"]>;
export type Reactors = Camel<Schemas["ReactorsModel"]>;
export type QuickReply = Camel<Schemas["QuickReplyModel"]>;
export type Messages = Camel<Schemas["MessagesModel"]>;

/** The address of a room in the API. */
export const roomPath = (room: string): string => `/api/v1/rooms/${encodeURIComponent(room)}`;
export const eventPath = (room: string, event: string): string =>
  `${roomPath(room)}/messages/${encodeURIComponent(event)}`;

export const roomQuery = (room: string) =>
  queryOptions({
    queryKey: ["room", room],
    queryFn: ({ signal }) => kept<Room>(roomPath(room), { signal }),
    staleTime: 30_000,
  });

/** Read a room's details anew, under every name it is asked for by. */
export const roomChanged = (client: QueryClient): Promise<void> =>
  client.invalidateQueries({ queryKey: ["room"] });

export const membersQuery = (room: string, query: string) =>
  infiniteQueryOptions({
    queryKey: ["members", room, query],
    queryFn: async ({ pageParam, signal }) => {
      const page = await call<Camel<Schemas["MembersPage"]>>("GET", `${roomPath(room)}/members`, {
        query: { query: query || undefined, cursor: pageParam },
        signal,
      });
      return { items: page.members, nextCursor: page.nextCursor };
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: 60_000,
  });

export const receiptsQuery = (room: string) =>
  queryOptions({
    queryKey: ["receipts", room],
    queryFn: ({ signal }) => call<Receipts>("GET", `${roomPath(room)}/receipts`, { signal }),
    staleTime: 60_000,
  });

export const pinsQuery = (room: string) =>
  queryOptions({
    queryKey: ["pins", room],
    queryFn: ({ signal }) => call<Messages>("GET", `${roomPath(room)}/pins`, { signal }),
  });

export const threadsQuery = (room: string) =>
  infiniteQueryOptions({
    queryKey: ["threads", room],
    queryFn: ({ pageParam, signal }) =>
      call<Messages>("GET", `${roomPath(room)}/threads`, { query: { cursor: pageParam }, signal }),
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
      call<Messages>("GET", `${roomPath(room)}/search`, {
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
      call<Reactors>("GET", `${eventPath(room, event)}/reactions`, {
        query: { cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export type Preview = Camel<Schemas["PreviewModel"]>;

export const previewQuery = (url: string) =>
  queryOptions({
    queryKey: ["preview", url],
    queryFn: async ({ signal }): Promise<Preview | null> =>
      (await call<Preview | undefined>("GET", "/api/v1/previews", { query: { url }, signal })) ?? null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

export const quickRepliesQuery = queryOptions({
  queryKey: ["quick-replies"],
  queryFn: ({ signal }) => call<Camel<Schemas["QuickReplyList"]>>("GET", "/api/me/quick-replies", { signal }),
  staleTime: 60_000,
});

export const join = (room: string): Promise<void> => call("POST", `${roomPath(room)}/join`);

export const edit = (
  room: string,
  event: string,
  text: string,
  mentions: Message["mentions"],
): Promise<Message> => call<Message>("PUT", eventPath(room, event), { body: { text, mentions } });

export const remove = (room: string, event: string): Promise<void> =>
  call("DELETE", eventPath(room, event), { keepalive: true });

export const pin = (room: string, event: string, on: boolean): Promise<void> =>
  call(on ? "PUT" : "DELETE", `${roomPath(room)}/pins/${encodeURIComponent(event)}`);

/** Give or take back a reaction; the message as it then is, when given. */
export const react = (room: string, event: string, key: string, on: boolean): Promise<Message | undefined> =>
  call(on ? "PUT" : "DELETE", `${eventPath(room, event)}/reactions/${encodeURIComponent(key)}`);

/** What was uploaded, to be sent with a message. */
export type Upload = Attachment & { id: string };
