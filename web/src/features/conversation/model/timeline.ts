// SPDX-License-Identifier: AGPL-3.0-or-later
// A window onto a conversation, and how frames and pages change it. Pure: what comes twice, late
// or early makes no difference.
import { holds, reacted, withdrawn } from "@/features/conversation/model/reactions";
import { type RoomFrame, placeOf } from "@/lib/live/frames";
import { type Item, type Message, isSystem } from "@/lib/message";

/** Where more can be fetched: by the server's cursor, or around an event. Null: nothing more. */
export type Edge = { cursor: string } | { around: string } | null;

export interface Page {
  items: Item[];
  before: string | null;
  after: string | null;
  position: number | null;
}

export interface Timeline {
  /** Oldest first. */
  items: readonly Item[];
  before: Edge;
  /** Null: the window ends at the present, and what is new is appended. */
  after: Edge;
  /** The last frame taken. */
  position: number | null;
  /** Messages that came while the window was elsewhere. */
  missed: number;
  /** Changes to messages that are not here (yet). */
  early: ReadonlyMap<string, readonly RoomFrame[]>;
}

/** Whose timeline it is, and whether of one thread. */
export interface Scope {
  me: string;
  threadRoot: string | null;
}

export const EMPTY: Timeline = {
  items: [],
  before: null,
  after: null,
  position: null,
  missed: 0,
  early: new Map(),
};

/** Most items held (M8). */
export const MOST = 100;
const MOST_EARLY = 50;

const edge = (cursor: string | null): Edge => (cursor === null ? null : { cursor });

/** A fresh window. */
export const opened = (page: Page): Timeline => ({
  ...EMPTY,
  items: page.items,
  before: edge(page.before),
  after: edge(page.after),
  position: page.position,
});

/** The window, longer at one end by a page and not longer than allowed at the other. */
export function joined(timeline: Timeline, page: Page, side: "before" | "after"): Timeline {
  const known = new Set(timeline.items.map((item) => item.eventId));
  const fresh = page.items.filter((item) => !known.has(item.eventId));
  if (side === "before") {
    const older = olderOnly(fresh, timeline.items[0]);
    const next = { ...timeline, items: [...older, ...timeline.items] };
    // A page around the edge may end before it reaches past it.
    return trimmed({ ...next, before: edge(page.before) }, "after");
  }
  const newer = newerOnly(fresh, timeline.items.at(-1));
  const items = [...timeline.items, ...newer];
  const position = page.after === null ? highest(timeline.position, page.position) : timeline.position;
  const missed = page.after === null ? 0 : timeline.missed;
  return trimmed({ ...timeline, items, after: edge(page.after), position, missed }, "before");
}

const olderOnly = (items: Item[], first: Item | undefined): Item[] =>
  items.filter((item) => !first || comes(item, first) < 0);
const newerOnly = (items: Item[], last: Item | undefined): Item[] =>
  items.filter((item) => !last || comes(item, last) > 0);

function comes(one: Item, other: Item): number {
  if (one.position !== null && other.position !== null) return one.position - other.position;
  return one.ts - other.ts;
}

const highest = (one: number | null, other: number | null): number | null =>
  one === null ? other : other === null ? one : Math.max(one, other);

/** The newest page once more: rows that frames do not bring, names that changed. */
export function refreshed(timeline: Timeline, page: Page): Timeline {
  if (timeline.after !== null || !page.items.length) return timeline;
  const fresh = new Map(page.items.map((item) => [item.eventId, item]));
  const items = timeline.items.map((item) => fresh.get(item.eventId) ?? item);
  const known = new Set(items.map((item) => item.eventId));
  const oldest = timeline.items[0];
  const added = page.items.filter(
    (item) => !known.has(item.eventId) && (!oldest || comes(item, oldest) > 0),
  );
  const merged = added.length ? [...items, ...added].toSorted(comes) : items;
  return trimmed({ ...timeline, items: merged }, "before");
}

/** Not more than allowed: the rest is fetched again when it is looked for. */
export function trimmed(timeline: Timeline, from: "before" | "after"): Timeline {
  const over = timeline.items.length - MOST;
  if (over <= 0) return timeline;
  if (from === "before") {
    const items = timeline.items.slice(over);
    return { ...timeline, items, before: { around: items[0]?.eventId ?? "" } };
  }
  const items = timeline.items.slice(0, MOST);
  return { ...timeline, items, after: { around: items.at(-1)?.eventId ?? "" } };
}

/** A full window whose end is out of sight stays where it is: what is new is fetched further down. */
export function left(timeline: Timeline, frame: RoomFrame): Timeline {
  const last = timeline.items.at(-1);
  if (frame.event !== "message:new" || !last || timeline.after !== null || timeline.items.length < MOST) return timeline;
  return { ...timeline, after: { around: last.eventId } };
}

/** The timeline after a frame. */
export function folded(timeline: Timeline, frame: RoomFrame, scope: Scope): Timeline {
  const position = placeOf(frame, scope.me);
  if (position !== null && timeline.position !== null && position <= timeline.position) return timeline;
  const changed = applied(timeline, frame, scope);
  return position === null ? changed : { ...changed, position };
}

function applied(timeline: Timeline, frame: RoomFrame, scope: Scope): Timeline {
  switch (frame.event) {
    case "message:new":
      if (!frame.message) return timeline;
      return arrived(timeline, { ...frame.message, position: frame.position }, scope);
    case "message:edited":
    case "reaction:added":
      return touched(timeline, frame, scope, frame.target);
    case "message:redacted":
      return touched(withoutReaction(timeline, frame.target), frame, scope, frame.target);
    case "reaction:removed":
      return forgotten(withoutReaction(timeline, frame.target), frame.target);
    case "room:changed":
      return frame.type === "m.room.pinned_events" ? pinned(timeline, frame.content) : timeline;
    default:
      return timeline;
  }
}

/** A message that was accepted, by a frame or as the answer to sending it. */
export function arrived(timeline: Timeline, message: Message, scope: Scope): Timeline {
  if (scope.threadRoot === null && message.threadRoot !== null) return answered(timeline, message, scope);
  if (scope.threadRoot !== null && message.threadRoot !== scope.threadRoot) return timeline;
  const at = timeline.items.findIndex((item) => item.eventId === message.eventId);
  if (at >= 0) {
    const known = timeline.items[at];
    // The answer to sending comes without a place; the frame brings it.
    if (!known || known.position !== null) return timeline;
    const items = timeline.items.with(at, { ...known, position: message.position }).toSorted(comes);
    return { ...timeline, items };
  }
  if (timeline.after !== null) {
    return message.sender === scope.me ? timeline : { ...timeline, missed: timeline.missed + 1 };
  }
  const last = timeline.items.at(-1);
  const appended = [...timeline.items, withQuote(timeline, message)];
  const items = last && comes(message, last) < 0 ? appended.toSorted(comes) : appended;
  const waiting = timeline.early.get(message.eventId) ?? [];
  const next = trimmed({ ...timeline, items }, "before");
  return waiting.reduce((now, frame) => applied(now, frame, scope), without(next, message.eventId));
}

// Frames name only the event that is answered: what it says may not be everybody's to read.
function withQuote(timeline: Timeline, message: Message): Message {
  const { replyTo } = message;
  if (!replyTo || replyTo.sender !== null) return message;
  const found = timeline.items.find((item) => item.eventId === replyTo.eventId);
  if (!found || isSystem(found)) return message;
  const { sender, senderName, body, deleted } = found;
  return { ...message, replyTo: { ...replyTo, sender, senderName, body: deleted ? null : body.slice(0, 140) } };
}

// A reply in a thread shows in the room as one more on its root.
function answered(timeline: Timeline, message: Message, scope: Scope): Timeline {
  return patched(timeline, message.threadRoot ?? "", (root) => {
    const before = root.thread ?? { count: 0, latestTs: null, latestSender: null, participated: false };
    const known = before.latestTs !== null && before.latestTs >= message.ts;
    if (known && before.latestSender === message.sender) return root;
    return {
      ...root,
      thread: {
        count: before.count + 1,
        latestTs: message.ts,
        latestSender: message.sender,
        participated: before.participated || message.sender === scope.me,
      },
    };
  });
}

function touched(timeline: Timeline, frame: RoomFrame, scope: Scope, target: string): Timeline {
  if (timeline.items.some((item) => item.eventId === target)) {
    return quoted(patched(timeline, target, (message) => changedBy(message, frame, scope, timeline)), target);
  }
  const early = new Map(timeline.early).set(target, [...(timeline.early.get(target) ?? []), frame]);
  const [oldest] = early.keys();
  if (early.size > MOST_EARLY && oldest !== undefined) early.delete(oldest);
  return { ...timeline, early };
}

function changedBy(message: Message, frame: RoomFrame, scope: Scope, timeline: Timeline): Message {
  if (frame.event === "message:edited") {
    const editedAt = frame.message?.editedAt ?? frame.ts;
    if (!frame.message || message.deleted || (message.editedAt ?? 0) > editedAt) return message;
    const { body, formattedBody, attachment, mentions, kind } = frame.message;
    return { ...message, body, formattedBody, attachment, mentions, kind, editedAt };
  }
  if (frame.event === "message:redacted") {
    return { ...message, deleted: true, body: "", formattedBody: null, attachment: null, reactions: [] };
  }
  if (frame.event !== "reaction:added" || message.deleted) return message;
  const name = nameIn(timeline, frame.sender);
  return { ...message, reactions: reacted(message.reactions, frame, scope.me, name) };
}

function withoutReaction(timeline: Timeline, id: string): Timeline {
  const found = timeline.items.find(
    (item) => !isSystem(item) && item.reactions.some((one) => holds(one, id)),
  );
  if (!found) return timeline;
  return patched(timeline, found.eventId, (message) => ({
    ...message,
    reactions: withdrawn(message.reactions, id),
  }));
}

// A reaction that was taken back before its message was here.
function forgotten(timeline: Timeline, id: string): Timeline {
  const early = new Map(timeline.early);
  for (const [target, frames] of early) early.set(target, frames.filter((one) => one.eventId !== id));
  return { ...timeline, early };
}

// Replies quote what the message says now.
function quoted(timeline: Timeline, target: string): Timeline {
  const found = timeline.items.find((item) => item.eventId === target);
  if (!found || isSystem(found)) return timeline;
  const body = found.deleted ? null : found.body.slice(0, 140);
  const items = timeline.items.map((item) =>
    !isSystem(item) && item.replyTo?.eventId === target && item.replyTo.body !== body
      ? { ...item, replyTo: { ...item.replyTo, body } }
      : item,
  );
  return { ...timeline, items };
}

function pinned(timeline: Timeline, content: { pinned?: unknown }): Timeline {
  const list = new Set(Array.isArray(content.pinned) ? (content.pinned as unknown[]) : []);
  const items = timeline.items.map((item) =>
    isSystem(item) || item.pinned === list.has(item.eventId)
      ? item
      : { ...item, pinned: list.has(item.eventId) },
  );
  return { ...timeline, items };
}

export function patched(timeline: Timeline, id: string, change: (old: Message) => Message): Timeline {
  const items = timeline.items.map((item) =>
    item.eventId === id && !isSystem(item) ? change(item) : item,
  );
  return { ...timeline, items };
}

const without = (timeline: Timeline, id: string): Timeline => {
  const early = new Map(timeline.early);
  early.delete(id);
  return { ...timeline, early };
};

/** What somebody is called, as far as the window knows. */
export function nameIn(timeline: Timeline, userId: string): string | null {
  const found = timeline.items.findLast((item) => item.sender === userId && item.senderName !== null);
  return found?.senderName ?? null;
}
