// SPDX-License-Identifier: AGPL-3.0-or-later
// The messages, of which only those in view are in the document. What is read stays where it is,
// whatever is added above, below or in between.
import { ArrowDown } from "lucide-react";
import { type ReactNode, useEffect, useEffectEvent, useLayoutEffect, useMemo, useRef, useState } from "react";

import { Announcer } from "@/features/conversation/components/Announcer";
import { TimelineRow } from "@/features/conversation/components/TimelineRow";
import { NEAR, useRowsWindow } from "@/features/conversation/components/use-rows-window";
import { useRoving } from "@/features/conversation/components/use-roving";
import { useSettled } from "@/features/conversation/components/use-settled";
import { useHere, useView } from "@/features/conversation/hooks";
import type { Conversation } from "@/features/conversation/model/conversation";
import { type Row, rowKeeper, rowsOf } from "@/features/conversation/model/rows";
import { useSpotKept } from "@/features/conversation/spots";
import { strings } from "@/features/conversation/strings";
import { isSystem } from "@/lib/message";

/** Rows from an edge at which more is fetched. */
const AHEAD = 12;

interface Props {
  conversation: Conversation;
  label: string;
  /** What stands before the first message. */
  beginning: ReactNode;
  onAtEnd: (atEnd: boolean) => void;
}

/** The rows of a window; one that did not change is the same object as before. */
function useRows(...[items, pending, me, fresh]: Parameters<typeof rowsOf>): readonly Row[] {
  const [keep] = useState(rowKeeper);
  return useMemo(() => keep(rowsOf(items, pending, me, fresh)), [keep, items, pending, me, fresh]);
}

/** A window onto a conversation that scrolls. */
export function Timeline({ conversation, label, beginning, onAtEnd }: Props) {
  const { me } = useHere();
  const timeline = useView(conversation, (view) => view.timeline);
  const pending = useView(conversation, (view) => view.pending);
  const fresh = useView(conversation, (view) => view.fresh);
  const goTo = useView(conversation, (view) => view.goTo);
  const fetching = useView(conversation, (view) => view.fetching);
  const rows = useRows(timeline.items, pending, me, fresh);
  const box = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const [found, setFound] = useState<string | null>(null);
  const [seen, setSeen] = useState<string | null>(null);
  const started = useRef(false);

  const virtual = useRowsWindow(conversation, rows, box, {
    older: timeline.before !== null,
    from: () => rows.findIndex((row) => (goTo?.eventId ? row.item?.eventId === goTo.eventId : row.fresh)),
  });
  const shown = virtual.getVirtualItems();
  const roving = useRoving(rows, shown, box, (at) => virtual.scrollToIndex(at, { align: "auto" }));

  // Where the conversation begins to be read: at what is new, at what was asked for, at the end.
  useLayoutEffect(() => {
    if (!goTo) return;
    const at = rows.findIndex((row) => row.item?.eventId === (goTo.eventId ?? ""));
    const line = started.current ? -1 : rows.findIndex((row) => row.fresh);
    started.current = true;
    if (goTo.into !== null && at >= 0) {
      // Rows measured on the way move the place; the virtualiser seeks an index again, an offset not.
      const seek = (frames: number) => {
        const [start] = virtual.getOffsetForIndex(at, "start") ?? [];
        if (start !== undefined) virtual.scrollToOffset(start + (goTo.into ?? 0));
        if (frames > 0) requestAnimationFrame(() => seek(frames - 1));
      };
      seek(4);
    } else if (goTo.eventId !== null && at >= 0) {
      virtual.scrollToIndex(at, { align: "center" });
      setFound(goTo.eventId);
      roving.toEvent(at);
    } else if (goTo.eventId === null && line > 0) virtual.scrollToIndex(line, { align: "start" });
    else virtual.scrollToEnd();
    // Only a new wish moves the view, not what happens to be there by then.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [goTo]);
  useEffect(() => {
    if (!found) return undefined;
    const fading = setTimeout(() => setFound(null), 2600);
    return () => clearTimeout(fading);
  }, [found]);

  const first = shown[0]?.index ?? 0;
  const last = shown.at(-1)?.index ?? 0;
  const settled = useSettled(box, goTo);
  useEffect(() => {
    if (!settled) return;
    if (first < AHEAD && timeline.before) void conversation.more("before");
    if (last >= rows.length - AHEAD && timeline.after) void conversation.more("after");
  }, [conversation, settled, first, last, rows.length, timeline.before, timeline.after, fetching]);

  const present = timeline.after === null;
  const newest = rows.at(-1)?.key ?? null;
  const mine = present ? rows.findLast(({ item }) => item && !isSystem(item) && item.sender === me)?.key : null;
  const look = () => {
    const { current } = box;
    if (!current) return;
    const end = current.scrollTop + current.clientHeight;
    setAtEnd(current.scrollHeight - end <= NEAR);
    // The furthest row that has been in view: what lies below is new.
    const lowest = virtual.getVirtualItemForOffset(end - 24)?.index ?? -1;
    setSeen((now) => (lowest > rows.findIndex((row) => row.key === now) ? (rows[lowest]?.key ?? now) : now));
  };
  const lookAgain = useEffectEvent(look);
  useEffect(() => lookAgain(), [newest]);
  // The composer grows, the keyboard of a phone opens: who was at the end stays there.
  const stick = useEffectEvent(() => {
    if (atEnd) virtual.scrollToEnd();
  });
  useEffect(() => {
    const { current } = box;
    if (!current) return undefined;
    const watch = new ResizeObserver(() => stick());
    watch.observe(current);
    return () => watch.disconnect();
  }, []);
  useEffect(() => onAtEnd(atEnd && present), [atEnd, present, onAtEnd]);

  useSpotKept(conversation.scope.threadRoot ?? conversation.roomId, () => {
    const offset = virtual.scrollOffset ?? 0;
    const top = virtual.getVirtualItemForOffset(offset);
    const eventId = top && rows[top.index]?.item?.eventId;
    if (!eventId || (atEnd && present)) return null;
    return { eventId, into: offset - top.start };
  });

  const missed = timeline.missed + (atEnd ? 0 : newSince(rows, seen, me));
  return (
    <div className="room-main">
      <div
        ref={box}
        role="log"
        aria-live="off"
        aria-label={label}
        aria-busy={fetching !== null}
        className="timeline"
        onScroll={look}
        onKeyDown={roving.onKeyDown}
        onPointerLeave={roving.onPointerLeave}
      >
        <div className="timeline-rows" style={{ height: virtual.getTotalSize() }}>
          {timeline.before && <Older />}
          {rows.length === 0 && beginning}
          {shown.map(({ key, index, start }) => {
            const row = rows[index];
            return (
              row && (
                <div
                  key={key}
                  ref={virtual.measureElement}
                  data-index={index}
                  className="timeline-row"
                  style={{ transform: `translateY(${start}px)` }}
                >
                  {index === 0 && timeline.before === null && beginning}
                  <TimelineRow
                    row={row}
                    conversation={conversation}
                    found={row.item?.eventId === found}
                    newest={row.key === mine}
                    {...roving.of(row.key)}
                  />
                </div>
              )
            );
          })}
        </div>
      </div>
      <Announcer conversation={conversation} />
      {(!atEnd || !present) && (
        <button type="button" className="pill btn-outline btn-small" onClick={() => void conversation.present()}>
          <ArrowDown aria-hidden="true" className="size-4" />
          {missed ? strings.missed(missed) : strings.present}
        </button>
      )}
    </div>
  );
}

function Older() {
  return (
    <p className="grid h-14 place-items-center text-xs text-quiet">
      <span className="flex items-center gap-1.5">
        <span className="typing-dot" />
        <span className="typing-dot" />
        <span className="typing-dot" />
        <span className="sr-only">{strings.older}</span>
      </span>
    </p>
  );
}

function newSince(rows: readonly Row[], seen: string | null, me: string): number {
  const at = rows.findIndex((row) => row.key === seen);
  if (at < 0) return 0;
  return rows.slice(at + 1).filter(({ item }) => item && !isSystem(item) && item.sender !== me).length;
}
