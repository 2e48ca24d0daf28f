// SPDX-License-Identifier: AGPL-3.0-or-later
// The messages, of which only those in view are in the document. What is read stays where it is,
// whatever is added above, below or in between.
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import { type ReactNode, useEffect, useEffectEvent, useLayoutEffect, useMemo, useRef, useState } from "react";

import { Announcer } from "@/features/conversation/components/Announcer";
import { TimelineRow } from "@/features/conversation/components/TimelineRow";
import { useRoving } from "@/features/conversation/components/use-roving";
import { useAnchor } from "@/features/conversation/components/use-anchor";
import { useSettled } from "@/features/conversation/components/use-settled";
import { useHere, useView } from "@/features/conversation/hooks";
import type { Conversation } from "@/features/conversation/model/conversation";
import { type Row, rowsOf } from "@/features/conversation/model/rows";
import { strings } from "@/features/conversation/strings";
import { isSystem } from "@/lib/message";

/** Pixels from the end that still count as the end. */
const NEAR = 96;
/** Rows from an edge at which more is fetched. */
const AHEAD = 12;
/** Pixels before the first row while there is more. */
const EDGE = 56;

interface Props {
  conversation: Conversation;
  label: string;
  /** What stands before the first message. */
  beginning: ReactNode;
  onAtEnd: (atEnd: boolean) => void;
}

const guess = (row: Row | undefined): number => {
  if (!row) return 44;
  const item = row.item;
  const extra = (row.day === null ? 0 : 44) + (row.fresh ? 44 : 0) + (row.first ? 28 : 4);
  if (!item || isSystem(item)) return 36 + extra;
  const lines = Math.max(1, Math.ceil(item.body.length / 70));
  const quoted = (item.replyTo ? 32 : 0) + (item.reactions.length ? 30 : 0) + (item.thread ? 36 : 0);
  return 18 + lines * 22 + extra + quoted + (item.attachment ? 220 : 0);
};

/** A window onto a conversation that scrolls. */
export function Timeline({ conversation, label, beginning, onAtEnd }: Props) {
  const { me } = useHere();
  const timeline = useView(conversation, (view) => view.timeline);
  const pending = useView(conversation, (view) => view.pending);
  const fresh = useView(conversation, (view) => view.fresh);
  const goTo = useView(conversation, (view) => view.goTo);
  const fetching = useView(conversation, (view) => view.fetching);
  const rows = useMemo(() => rowsOf(timeline.items, pending, me, fresh), [timeline.items, pending, me, fresh]);
  const box = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const [found, setFound] = useState<string | null>(null);
  const [seen, setSeen] = useState<string | null>(null);
  const started = useRef(false);

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: (at) => guess(rows[at]),
    getItemKey: (at) => rows[at]?.key ?? at,
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: NEAR,
    overscan: 6,
    paddingStart: timeline.before === null ? 0 : EDGE,
    paddingEnd: 8,
  });
  useAnchor(virtual, rows, timeline.before === null, timeline.before === null ? 0 : EDGE);
  const shown = virtual.getVirtualItems();
  const roving = useRoving(rows, shown, box, (at) => virtual.scrollToIndex(at, { align: "auto" }));

  // Where the conversation begins to be read: at what is new, at what was asked for, at the end.
  useLayoutEffect(() => {
    if (!goTo) return;
    const at = rows.findIndex((row) => row.item?.eventId === (goTo.eventId ?? ""));
    const line = started.current ? -1 : rows.findIndex((row) => row.fresh);
    started.current = true;
    if (goTo.eventId !== null && at >= 0) {
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
