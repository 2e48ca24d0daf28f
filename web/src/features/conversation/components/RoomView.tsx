// SPDX-License-Identifier: AGPL-3.0-or-later
// A whole conversation: what has been said, what is being said, and where one says it.
import "@/features/conversation/conversation.css";

import { useQuery } from "@tanstack/react-query";
import { DoorOpen } from "lucide-react";
import { type ReactNode, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";

import { ConversationContext } from "@/features/conversation/actions";
import { type Room, roomQuery } from "@/features/conversation/api";
import { Composer } from "@/features/conversation/components/Composer";
import { Beginning } from "@/features/conversation/components/Beginning";
import { Foot } from "@/features/conversation/components/Foot";
import { Panel, type PanelName } from "@/features/conversation/components/Panel";
import { RoomHeader } from "@/features/conversation/components/RoomHeader";
import { RoomSkeleton } from "@/features/conversation/components/RoomSkeleton";
import { Timeline } from "@/features/conversation/components/Timeline";
import { TypingLine } from "@/features/conversation/components/TypingLine";
import { type Here, HereContext, useConversation, useView } from "@/features/conversation/hooks";
import type { Conversation } from "@/features/conversation/model/conversation";
import { nameKeeper } from "@/features/conversation/model/names";
import { newestPath } from "@/features/conversation/model/newest";
import { useReceiptFrames } from "@/features/conversation/readers";
import { useMark, useReading } from "@/features/conversation/reading";
import { useSpot } from "@/features/conversation/spots";
import { strings } from "@/features/conversation/strings";
import { useWish } from "@/features/conversation/wish";
import { ApiError } from "@/lib/api-error";
import { answersToo } from "@/lib/begun";
import { useLiveConnection } from "@/lib/live/use-live";
import { type Message, isSystem } from "@/lib/message";
import { useMe } from "@/lib/session";
import { Failure, Notice } from "@/ui/States";

interface Props {
  /** Kith's id, the room id, or a slug. */
  room: string;
  /** In place of the room's picture, name and topic. */
  header?: ReactNode;
  /** In place of the composer: why one cannot write, and what helps. */
  notice?: ReactNode;
}

/** The conversation in a room. Fills the height it is given. */
export function RoomView({ room, header, notice }: Props) {
  useLiveConnection();
  const query = useQuery(roomQuery(room));
  const gone = isClosed(query.error);
  // What could not be read anew stays as it was, unless it is no longer theirs to see.
  if (query.data && !gone) {
    return <Open key={query.data.roomId} address={room} room={query.data} header={header} notice={notice} />;
  }
  if (query.isPending) return <RoomSkeleton />;
  return <Failure error={query.error} onRetry={() => void query.refetch()} />;
}

const isClosed = (error: unknown): boolean => error instanceof ApiError && [403, 404].includes(error.status);

function Open({ address, room, header, notice }: Omit<Props, "room"> & { address: string; room: Room }) {
  const me = useMe().userId;
  const wish = useWish();
  const mark = useMark(room);
  // What was asked for ahead has the name in the address. Before the conversation asks itself.
  useEffect(() => answersToo(newestPath(address), newestPath(room.roomId)), [address, room.roomId]);
  const conversation = useConversation(room.roomId, null, wish.event, mark, useSpot(room.roomId));
  const [answering, setAnswering] = useState<Message | null>(null);
  const [editing, setEditing] = useState<Message | null>(null);
  const [panel, setPanel] = useState<PanelName | null>(null);
  const [atEnd, setAtEnd] = useState(true);
  // What has come is drawn in small steps, so that a press in between is not kept waiting.
  const status = useDeferredValue(useView(conversation, (view) => view.status));
  const error = useView(conversation, (view) => view.error);
  const items = useView(conversation, (view) => view.timeline.items);
  const [namesOf] = useState(nameKeeper);
  const names = useMemo(() => namesOf(items), [namesOf, items]);
  // Who came and went is no talk yet.
  const silent = useView(conversation, ({ timeline, pending }) => !pending.length && timeline.items.every(isSystem));
  const name = room.name ?? strings.unnamed;
  const { openThread } = wish;
  // Every message reads this: it is a new one only when something about it is new.
  const here = useMemo(
    (): Here => ({
      room,
      name,
      me,
      names,
      openThread,
      goTo: (eventId) => void conversation.around(eventId),
      reply: (message) => {
        setEditing(null);
        setAnswering(message);
      },
      edit: (message) => {
        setAnswering(null);
        setEditing(message);
      },
    }),
    [room, name, me, names, openThread, conversation],
  );
  const inside = room.membership === "join";
  useEntered(conversation, inside);
  useReceiptFrames(room.roomId);
  useReading(room, conversation, mark, atEnd);
  const open = wish.thread === null ? panel : ({ thread: wish.thread } as const);
  const close = useCallback(() => {
    setPanel(null);
    wish.openThread(null);
  }, [wish]);
  return (
    <HereContext value={here}>
      <ConversationContext value={conversation}>
        <section aria-label={name} className="room">
          <RoomHeader header={header} panel={panel} onPanel={setPanel} />
          <div className="room-split">
            <div className="room-main">
              {status === "loading" && <RoomSkeleton inside />}
              {status === "failed" && (
                <div className="grid min-h-0 grow content-center overflow-y-auto">
                  {inside || !isClosed(error) ? (
                    <Failure error={error} onRetry={() => void conversation.present()} />
                  ) : (
                    <Notice icon={DoorOpen} role="status" title={strings.outside[0]} text={strings.outside[1]} />
                  )}
                </div>
              )}
              {status === "ready" && (
                <Timeline
                  conversation={conversation}
                  label={strings.timeline(name)}
                  beginning={<Beginning empty={silent} />}
                  onAtEnd={setAtEnd}
                />
              )}
              <TypingLine conversation={conversation} />
              {notice ?? (
                <Foot room={room}>
                  <Composer
                    conversation={conversation}
                    answering={answering}
                    editing={editing}
                    onAnswering={setAnswering}
                    onEditing={setEditing}
                  />
                </Foot>
              )}
            </div>
            {open !== null && <Panel open={open} onClose={close} />}
          </div>
        </section>
      </ConversationContext>
    </HereContext>
  );
}

/** Read what was not to be read from outside, once one has come in or was brought in. */
function useEntered(conversation: Conversation, inside: boolean): void {
  const was = useRef(inside);
  useEffect(() => {
    if (inside && !was.current) conversation.entered();
    was.current = inside;
  }, [conversation, inside]);
}
