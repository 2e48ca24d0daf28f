// SPDX-License-Identifier: AGPL-3.0-or-later
// A thread: the message it is about, the replies, and where one replies.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { ConversationContext } from "@/features/conversation/actions";
import { messageQuery } from "@/features/conversation/api";
import { Composer } from "@/features/conversation/components/Composer";
import { MessageRow } from "@/features/conversation/components/MessageRow";
import { RoomSkeleton } from "@/features/conversation/components/RoomSkeleton";
import { Timeline } from "@/features/conversation/components/Timeline";
import { HereContext, useConversation, useHere, useView } from "@/features/conversation/hooks";
import type { Row } from "@/features/conversation/model/rows";
import { strings } from "@/features/conversation/strings";
import { type Message, isSystem } from "@/lib/message";
import { Failure } from "@/ui/States";

const ALONE: Row = { key: "root", item: null, life: [], pending: null, first: true, last: true, day: null, fresh: false };

export function ThreadPanel({ root }: { root: string }) {
  const here = useHere();
  const { room } = here;
  const conversation = useConversation(room.roomId, root);
  const status = useView(conversation, (view) => view.status);
  const error = useView(conversation, (view) => view.error);
  const [answering, setAnswering] = useState<Message | null>(null);
  const [editing, setEditing] = useState<Message | null>(null);
  const inside = {
    ...here,
    name: strings.threadTitle,
    goTo: (eventId: string) => void conversation.around(eventId),
    reply: setAnswering,
    edit: setEditing,
  };
  const may = room.membership === "join" && room.can.send && !room.readOnly;
  return (
    <HereContext value={inside}>
      <ConversationContext value={conversation}>
        {status === "loading" && <RoomSkeleton inside />}
        {status === "failed" && <Failure error={error} onRetry={() => void conversation.present()} />}
        {status === "ready" && (
          <Timeline
            conversation={conversation}
            label={strings.threadTitle}
            beginning={<Root root={root} />}
            onAtEnd={ignore}
          />
        )}
        {may && (
          <Composer
            conversation={conversation}
            answering={answering}
            editing={editing}
            onAnswering={setAnswering}
            onEditing={setEditing}
          />
        )}
      </ConversationContext>
    </HereContext>
  );
}

const ignore = (): void => undefined;

/** The message the thread is about: from the room where it is shown, else fetched. */
function Root({ root }: { root: string }) {
  const { room } = useHere();
  const main = useConversation(room.roomId, null);
  const shown = useView(main, (view) => view.timeline.items.find((item) => item.eventId === root));
  const { data } = useQuery({ ...messageQuery(room.roomId, root), enabled: !shown });
  const message = shown && !isSystem(shown) ? shown : data;
  if (!message) return <div className="skeleton m-2 h-16" />;
  return (
    <div className="mb-2 border-b border-line pt-2 pb-3">
      <MessageRow row={ALONE} message={message} found={false} toolbar={null} inThread newest={false} />
      {message.thread && (
        <p className="px-1 pt-2 text-xs font-semibold text-quiet">{strings.replies(message.thread.count)}</p>
      )}
    </div>
  );
}
