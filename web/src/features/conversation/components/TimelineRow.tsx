// SPDX-License-Identifier: AGPL-3.0-or-later
// One row: a day's beginning, the line over what is new, then the message or the room's life.
import { memo, useMemo, useRef } from "react";

import { MessageRow, PendingRow, nameFor } from "@/features/conversation/components/MessageRow";
import { SystemLine, systemText } from "@/features/conversation/components/SystemLine";
import { Toolbar } from "@/features/conversation/components/Toolbar";
import { useKeptFocus } from "@/features/conversation/components/use-kept-focus";
import type { Roving } from "@/features/conversation/components/use-roving";
import type { Conversation } from "@/features/conversation/model/conversation";
import type { Row } from "@/features/conversation/model/rows";
import { useRemoved } from "@/features/conversation/removing";
import { strings } from "@/features/conversation/strings";
import { dayName, timeOfDay } from "@/features/conversation/times";
import { isSystem } from "@/lib/message";

interface Props extends Roving {
  row: Row;
  conversation: Conversation;
  found: boolean;
  newest: boolean;
}

/** The row as it is to be seen: of a message that is being deleted nothing is left. */
function useShown(row: Row): Row {
  const removed = useRemoved(row.item);
  return useMemo(() => {
    if (!removed || !row.item || isSystem(row.item)) return row;
    return { ...row, item: { ...row.item, deleted: true, body: "", attachment: null, reactions: [] } };
  }, [row, removed]);
}

/** What a row is called for those who do not see it. */
function labelOf({ item, life, pending }: Row): string {
  if (pending) return `${strings.you}: ${pending.text}. ${pending.state === "failed" ? strings.notSent : strings.sending}`;
  if (!item) return "";
  if (isSystem(item)) return systemText(life);
  const said = item.deleted ? strings.deleted : item.body;
  const marks = item.editedAt === null || item.deleted ? "" : ` (${strings.edited})`;
  return `${nameFor(item)}, ${timeOfDay(item.ts)}: ${said}${marks}`;
}

export const TimelineRow = memo(function TimelineRow(props: Props) {
  const { conversation, found, newest, tabbable, active, onActive, onHeld } = props;
  const row = useShown(props.row);
  const { item, pending } = row;
  const box = useRef<HTMLDivElement>(null);
  useKeptFocus(box, item !== null && !isSystem(item) && item.deleted, active);
  const inThread = conversation.scope.threadRoot !== null;
  const tools = active && item && !isSystem(item) && !item.deleted && (
    <Toolbar message={item} onHeld={onHeld} inThread={inThread} />
  );
  return (
    <>
      {row.day !== null && <p className="divider">{dayName(row.day)}</p>}
      {row.fresh && <p className="divider divider-fresh">{strings.fresh}</p>}
      {/* Arrows move between the messages, so each of them can take the focus. */}
      <div
        ref={box}
        role="article"
        aria-label={labelOf(row)}
        data-row
        data-event={item?.eventId}
        tabIndex={tabbable ? 0 : -1}
        className={`rounded-md outline-offset-0 ${row.first && row.day === null ? "pt-2.5" : "pt-0.5"}`}
        onFocus={() => onActive(row.key, true)}
        onPointerEnter={({ pointerType }) => pointerType === "mouse" && onActive(row.key, false)}
        onPointerUp={({ pointerType }) => pointerType !== "mouse" && onActive(row.key, false)}
      >
        {pending && <PendingRow row={row} pending={pending} onRetry={conversation.retry} onDrop={conversation.drop} />}
        {item && isSystem(item) && <SystemLine rows={row.life} />}
        {item && !isSystem(item) && (
          <MessageRow row={row} message={item} found={found} toolbar={tools} inThread={inThread} newest={newest} />
        )}
      </div>
    </>
  );
});
