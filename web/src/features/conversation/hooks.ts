// SPDX-License-Identifier: AGPL-3.0-or-later
// A conversation within React.
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { useStore } from "zustand";

import type { Room } from "@/features/conversation/api";
import type { Conversation } from "@/features/conversation/model/conversation";
import { conversationOf } from "@/features/conversation/model/kept";
import type { View } from "@/features/conversation/model/view";
import type { Spot } from "@/features/conversation/spots";
import { useMe } from "@/lib/session";
import { useLive } from "@/lib/live/state";
import type { Message } from "@/lib/message";

/** What every part of a room knows. */
export interface Here {
  room: Room;
  name: string;
  me: string;
  /** What people of the room are called, as far as is known. */
  names: ReadonlyMap<string, string>;
  /** Open the thread of a message. */
  openThread: (root: string) => void;
  /** Go to a message of the room, wherever it is. */
  goTo: (eventId: string) => void;
  /** Begin to answer or change a message. */
  reply: (message: Message) => void;
  edit: (message: Message) => void;
}

export const HereContext = createContext<Here | null>(null);

export function useHere(): Here {
  const here = useContext(HereContext);
  if (!here) throw new Error("A part of a room was drawn outside of one.");
  return here;
}

/** A conversation that is kept up to date while drawn. */
export function useConversation(
  roomId: string,
  threadRoot: string | null,
  eventId?: string,
  mark: string | null = null,
  spot: Spot | null = null,
): Conversation {
  const me = useMe().userId;
  const conversation = useMemo(() => conversationOf(roomId, { me, threadRoot }), [roomId, me, threadRoot]);
  // Only coming in leads to where one was; what is asked for later leads there.
  const back = useRef(spot);
  useEffect(() => {
    const place = back.current;
    back.current = null;
    return conversation.enter(eventId, mark, place);
  }, [conversation, eventId, mark]);
  useEffect(
    () => useLive.subscribe(({ state }) => state === "online" && conversation.resume()),
    [conversation],
  );
  return conversation;
}

export const useView = <Part>(conversation: Conversation, part: (view: View) => Part): Part =>
  useStore(conversation.store, part);

const look = (): boolean => document.visibilityState === "visible" && document.hasFocus();

function onLook(changed: () => void): () => void {
  addEventListener("focus", changed);
  addEventListener("blur", changed);
  document.addEventListener("visibilitychange", changed);
  return () => {
    removeEventListener("focus", changed);
    removeEventListener("blur", changed);
    document.removeEventListener("visibilitychange", changed);
  };
}

/** Whether the window is looked at. */
export const useAttention = (): boolean => useSyncExternalStore(onLook, look);

/** Seconds until a moment, counted down; 0 when it is over. */
export function useSecondsUntil(until: number | null): number {
  const left = () => (until === null ? 0 : Math.max(0, Math.ceil((until - Date.now()) / 1000)));
  const tick = useCallback(
    (changed: () => void) => {
      const ticking = until === null ? undefined : setInterval(changed, 500);
      return () => clearInterval(ticking);
    },
    [until],
  );
  return useSyncExternalStore(tick, left);
}
