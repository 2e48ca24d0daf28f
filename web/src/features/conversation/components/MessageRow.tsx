// SPDX-License-Identifier: AGPL-3.0-or-later
// One message: who, what, when, and what others did with it.
import { useQuery } from "@tanstack/react-query";
import { Clock, CornerUpLeft, Pin, RotateCcw, Trash2, TriangleAlert } from "lucide-react";
import { type ReactNode, memo } from "react";

import { messageQuery } from "@/features/conversation/api";
import { PreviewCard } from "@/features/conversation/components/PreviewCard";
import { ReadBy } from "@/features/conversation/components/ReadBy";
import { Reactions } from "@/features/conversation/components/Reactions";
import { Said, hasWords, isHuge } from "@/features/conversation/components/Said";
import { ThreadLink } from "@/features/conversation/components/ThreadLink";
import { useHere, useSecondsUntil } from "@/features/conversation/hooks";
import type { Pending } from "@/features/conversation/model/outbox";
import type { Row } from "@/features/conversation/model/rows";
import { strings } from "@/features/conversation/strings";
import { firstLink } from "@/features/conversation/text/links";
import { fullTime, timeOfDay } from "@/features/conversation/times";
import type { Message } from "@/lib/message";
import { nameOf } from "@/lib/person";
import { Avatar } from "@/ui/Avatar";

const shapeOf = (row: Row): string => {
  if (row.first) return "message-first";
  return row.last ? "" : "message-mid";
};

export const nameFor = (message: Pick<Message, "sender" | "senderName">): string =>
  message.senderName?.trim() || nameOf({ userId: message.sender, displayName: "" });

interface Props {
  row: Row;
  message: Message;
  found: boolean;
  /** What can be done with it, while it is pointed at. */
  toolbar: ReactNode;
  inThread: boolean;
  /** It is one's last: it tells who has read it. */
  newest: boolean;
}

/** A message that was accepted. */
export const MessageRow = memo(function MessageRow(props: Props) {
  const { row, message, found, toolbar, inThread, newest } = props;
  const { me } = useHere();
  const mine = message.sender === me;
  const forMe = !mine && !message.deleted && (message.mentions.room || message.mentions.users.includes(me));
  const link = message.deleted || message.attachment ? null : firstLink(message.body);
  const marks = `${mine ? "message-mine" : ""} ${forMe ? "message-mentions" : ""} ${found ? "message-found" : ""}`;
  return (
    <div className={`message ${shapeOf(row)} ${marks}`}>
      {!mine && (row.first ? <Face message={message} /> : <span />)}
      <div className="message-body">
        {row.first && <Author message={message} mine={mine} />}
        {message.replyTo && !message.deleted && <Quote message={message} />}
        <div className="message-line">
          {mine && <Time message={message} />}
          <Bubble message={message} mine={mine} />
          {!mine && <Time message={message} />}
          {toolbar}
        </div>
        {link && <PreviewCard href={link} />}
        {message.reactions.length > 0 && <Reactions message={message} />}
        {message.thread && !inThread && <ThreadLink message={message} />}
        {newest && mine && !message.deleted && <ReadBy message={message} />}
      </div>
    </div>
  );
});

function Face({ message }: { message: Message }) {
  const person = { userId: message.sender, displayName: message.senderName ?? "", avatarUrl: message.senderAvatar };
  return <Avatar person={person} size={32} />;
}

function Author({ message, mine }: { message: Message; mine: boolean }) {
  return (
    <p className="flex max-w-full min-w-0 items-baseline gap-2 px-1 text-xs text-quiet">
      {!mine && <bdi className="max-w-60 min-w-0 truncate text-sm font-bold text-ink">{nameFor(message)}</bdi>}
      <time dateTime={new Date(message.ts).toISOString()} title={fullTime(message.ts)} className="shrink-0">
        {timeOfDay(message.ts)}
      </time>
    </p>
  );
}

// For eyes only when pointed at; the message's name says it to everybody else.
function Time({ message }: { message: Message }) {
  return (
    <span aria-hidden="true" className="flex shrink-0 items-center gap-1 pb-1 text-xs text-quiet">
      {message.pinned && <Pin className="size-3" />}
      {message.editedAt !== null && !message.deleted && <span title={fullTime(message.editedAt)}>{strings.edited}</span>}
    </span>
  );
}

/** The bubble with what is said. */
export function Bubble({ message, mine }: { message: Message; mine: boolean }) {
  if (message.deleted) {
    return (
      <div className="bubble bubble-gone flex items-center gap-2 text-sm">
        <Trash2 aria-hidden="true" className="size-3.5" /> {strings.deleted}
      </div>
    );
  }
  const pictured = message.kind === "image" || message.kind === "sticker" || message.kind === "video";
  const huge = !message.attachment && message.kind === "text" && isHuge(message.body);
  const ground = mine ? "bubble-mine" : "bubble-theirs";
  const bare = huge ? "bubble-huge" : pictured && !hasWords(message) ? "bubble-bare" : ground;
  return (
    <div className={`bubble ${bare}`}>
      <Said message={message} />
    </div>
  );
}

function Quote({ message }: { message: Message }) {
  const { goTo, room } = useHere();
  const { replyTo } = message;
  const unknown = replyTo !== null && replyTo.sender === null;
  // Older than the window: asked for as oneself, which may be refused.
  const { data } = useQuery({ ...messageQuery(room.roomId, replyTo?.eventId ?? ""), enabled: unknown });
  if (!replyTo) return null;
  const { sender, senderName, body } = data ?? replyTo;
  return (
    <button type="button" className="quote" onClick={() => goTo(replyTo.eventId)}>
      <CornerUpLeft aria-hidden="true" className="size-3.5 shrink-0" />
      {sender && <bdi className="shrink-0 font-semibold">{nameFor({ sender, senderName })}</bdi>}
      <bdi className="truncate">{body || strings.earlier}</bdi>
    </button>
  );
}

interface PendingProps {
  row: Row;
  pending: Pending;
  onRetry: (txnId: string) => void;
  onDrop: (txnId: string) => void;
}

/** A message on its way. */
export function PendingRow({ row, pending, onRetry, onDrop }: PendingProps) {
  const { me } = useHere();
  const wait = useSecondsUntil(pending.retryAt);
  const message = asMessage(pending, me);
  const failed = pending.state === "failed";
  return (
    <div className={`message message-mine ${shapeOf(row)}`} data-state={pending.state}>
      <div className="message-body">
        {row.first && <Author message={message} mine />}
        {message.replyTo && <Quote message={message} />}
        <div className={`flex max-w-full ${failed ? "" : "opacity-75"}`}>
          <Bubble message={message} mine />
        </div>
        {failed && (
          <div role="alert" className="flex flex-wrap items-center justify-end gap-x-2 gap-y-1 text-sm text-bad">
            <TriangleAlert aria-hidden="true" className="size-4 shrink-0" />
            <span>
              {strings.notSent}. {pending.problem}
            </span>
            <button type="button" className="btn-outline btn-small" disabled={wait > 0} onClick={() => onRetry(pending.txnId)}>
              <RotateCcw aria-hidden="true" className="size-3.5" />
              {strings.retry}
              {wait > 0 && ` ${strings.waitSeconds(wait)}`}
            </button>
            <button type="button" className="btn-secondary btn-small" onClick={() => onDrop(pending.txnId)}>
              {strings.discard}
            </button>
          </div>
        )}
        {pending.state === "waiting" && pending.problem && (
          <div className="flex flex-wrap items-center justify-end gap-2 text-xs text-quiet">
            <Clock aria-hidden="true" className="size-3.5" /> {strings.waiting}
            <button type="button" className="link" onClick={() => onRetry(pending.txnId)}>
              {strings.retry}
            </button>
            <button type="button" className="link" onClick={() => onDrop(pending.txnId)}>
              {strings.discard}
            </button>
          </div>
        )}
      </div>
    </div>
  );
}

function asMessage(pending: Pending, me: string): Message {
  const { replyTo, upload } = pending;
  const kind = upload?.mimeType?.startsWith("image/") ? "image" : upload ? "file" : "text";
  return {
    eventId: pending.txnId,
    roomId: "",
    position: null,
    sender: me,
    senderName: null,
    senderAvatar: null,
    ts: pending.at,
    kind,
    body: pending.text,
    formattedBody: null,
    attachment: upload,
    txnId: pending.txnId,
    mentions: pending.mentions,
    replyTo: replyTo && {
      eventId: replyTo.eventId,
      sender: replyTo.sender,
      senderName: replyTo.senderName,
      body: replyTo.body.slice(0, 140),
    },
    threadRoot: pending.threadRoot,
    editedAt: null,
    deleted: false,
    thread: null,
    reactions: [],
    pinned: false,
  };
}
