// SPDX-License-Identifier: AGPL-3.0-or-later
// What the connection brings for the whole shell: lists are read anew, badges count.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";

import { useWaitingCount } from "@/features/connections/api";
import { dropMessages } from "@/lib/kept";
import type { Frame } from "@/lib/live/frames";
import { useUnread } from "@/lib/live/unread";
import { useFrames, useLiveConnection } from "@/lib/live/use-live";
import { takePresence } from "@/lib/presence";
import { takeRemoval } from "@/lib/removed";
import { roomsQuery } from "@/lib/rooms";
import { useMe } from "@/lib/session";
import { setBadge } from "@/lib/badge";
import { setTitleCount } from "@/lib/title";

/** Milliseconds that what belongs together takes to come: a change and its consequences. */
const GATHER = 100;
/** Milliseconds between two looks at the lists, so that a lively room asks for little. */
const OFTEN = 800;
/** Milliseconds between two looks at who is here: people come and go all the time. */
const SELDOM = 5000;

/** Lists that are to be read anew: soon, but never oftener than every `gap` milliseconds. */
function useStale(gap: number): (keys: readonly string[]) => void {
  const client = useQueryClient();
  const stale = useRef(new Set<string>());
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const last = useRef(0);
  useEffect(() => () => clearTimeout(waiting.current), []);
  return useCallback(
    (keys) => {
      for (const key of keys) stale.current.add(key);
      if (stale.current.size === 0) return;
      waiting.current ??= setTimeout(() => {
        waiting.current = undefined;
        last.current = Date.now();
        for (const key of stale.current) void client.invalidateQueries({ queryKey: [key] });
        stale.current.clear();
      }, Math.max(GATHER, last.current + gap - Date.now()));
    },
    [client, gap],
  );
}

/** Keep the connection, and let what it brings reach the lists. */
export function useNews(): void {
  useLiveConnection();
  const client = useQueryClient();
  const { userId } = useMe();
  const soon = useStale(OFTEN);
  const seldom = useStale(SELDOM);
  const hear = useCallback(
    (frame: Frame) => {
      takePresence(frame);
      takeRemoval(frame, userId);
      const mine = frame.event === "member:changed" && frame.userId === userId;
      if (mine && GONE.has(frame.membership)) dropMessages(frame.roomId);
      const people = frame.event.startsWith("friend") || frame.event.startsWith("follow");
      if (people) void client.invalidateQueries({ queryKey: ["people"] });
      if (frame.event === "presence") seldom(HERE);
      else soon(people ? ["conversation", "inbox", "room"] : (TOUCHES[frame.event] ?? []));
      // Which rooms one is in, the Lounge says too.
      if (mine) soon(["lounge"]);
    },
    [client, userId, soon, seldom],
  );
  useFrames(hear);
  const badges = useBadges();
  const requests = Number.parseInt(useWaitingCount() ?? "0", 10);
  const said = badges.lounge.count + badges.messages.count;
  useEffect(() => setTitleCount(said + requests), [said, requests]);
  useEffect(() => setBadge(said), [said]);
  useEffect(() => () => setBadge(0), []);
}

const GONE: ReadonlySet<string> = new Set(["leave", "ban"]);
// The number in the head, the one in the list and the people beside are to say the same.
const HERE = ["room", "roster", "lounge"];
const TOUCHES: Readonly<Record<string, readonly string[]>> = {
  // The connection is there: what was read before it may have changed unheard.
  "unread:snapshot": ["room", "rooms", "lounge", "inbox", "conversation"],
  "unread:changed": ["lounge", "inbox"],
  "member:changed": ["roster", "room", "rooms", "inbox", "conversation"],
  "room:changed": ["room", "rooms", "lounge", "inbox", "conversation"],
};

export interface Badge {
  /** Something unread, not worth a number. */
  dot: boolean;
  /** Mentions, and messages to one alone. */
  count: number;
  /** It is at least so many. */
  more?: boolean;
}

/** What the ways to the Lounge and to Messages show. */
export function useBadges(): { lounge: Badge; messages: Badge } {
  const counts = useUnread(({ rooms }) => rooms);
  const { data } = useQuery(roomsQuery);
  const badges = { lounge: { dot: false, count: 0 }, messages: { dot: false, count: 0 } };
  for (const room of data?.rooms ?? []) {
    const { unread, mentions } = counts[room.roomId] ?? room;
    // In a conversation with one alone every message is for one; in groups and forums mentions are.
    const alone = room.kind === "dm" && room.otherUserId !== null;
    const badge = badges[room.kind === "dm" ? "messages" : "lounge"];
    badge.count += alone && !room.muted ? Math.max(unread, mentions) : mentions;
    badge.dot ||= unread > 0;
  }
  return badges;
}
