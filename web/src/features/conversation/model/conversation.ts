// SPDX-License-Identifier: AGPL-3.0-or-later
// One conversation (a room, or a thread of it) as it is looked at: fetched, kept up to date by
// frames, written to. Kept for a while after it is left, so that coming back is instant.
import { type StoreApi, createStore } from "zustand/vanilla";

import { type Draft, Outbox } from "@/features/conversation/model/outbox";
import { Patience } from "@/features/conversation/model/patience";
import { Typists } from "@/features/conversation/model/typists";
import { type Page, type Scope, type Timeline, arrived, folded, joined, left, opened, refreshed } from "@/features/conversation/model/timeline";
import type { Spot } from "@/features/conversation/spots";
import { freshAfter } from "@/features/conversation/model/rows";
import { FIRST, historyPath } from "@/features/conversation/model/newest";
import { keepUnsent, unsentOf } from "@/features/conversation/model/unsent";
import { Shelf } from "@/features/conversation/model/shelf";
import { UNSEEN, type View, asked } from "@/features/conversation/model/view";
import { strings } from "@/features/conversation/strings";
import { call } from "@/lib/api";
import { ApiError } from "@/lib/api-error";
import type { Frame, RoomFrame } from "@/lib/live/frames";
import { live } from "@/lib/live/hub";
import { type Message, isSystem } from "@/lib/message";
import { logError } from "@/lib/report";
import { toast } from "@/lib/toasts";

const MORE = 40;
/** Milliseconds within which further rows of the room's life are fetched at once. */
const GATHER = 250;

export class Conversation {
  readonly store: StoreApi<View>;
  readonly roomId: string;
  readonly scope: Scope;
  readonly #outbox: Outbox;
  readonly #typists: Typists;
  readonly #shelf: Shelf;
  readonly #patience = new Patience();
  #unwatch: (() => void) | null = null;
  #users = 0;
  #refreshing: ReturnType<typeof setTimeout> | undefined;
  #nonce = 0;
  #run = 0;
  #mark: string | null = null;
  #replayed = 0;
  #sight = { looking: false, above: false };

  constructor(roomId: string, scope: Scope) {
    this.roomId = roomId;
    this.scope = scope;
    const place = [scope.me, roomId, scope.threadRoot ?? ""].join(" ");
    this.store = createStore<View>(() => ({ ...UNSEEN, pending: unsentOf(place) }));
    this.#shelf = new Shelf(roomId, scope.threadRoot === null, () => this.store.getState());
    this.store.subscribe(({ pending, timeline }, before) => {
      if (pending !== before.pending) keepUnsent(place, before.pending, pending);
      if (timeline !== before.timeline) this.#shelf.keepSoon();
    });
    this.#typists = new Typists(scope.me, (typing) => this.store.setState({ typing }));
    this.#outbox = new Outbox(roomId, {
      get: () => this.store.getState().pending,
      set: (pending) => this.store.setState({ pending }),
      accepted: (message) => this.accept(message),
      refused: (error) => {
        if (error.retryAfterMs) this.store.setState({ slowUntil: Date.now() + error.retryAfterMs });
      },
    });
  }

  /** Look at it, having read up to `mark`, at an event or where one was; gives how to look away. */
  enter(eventId?: string, mark: string | null = null, spot: Spot | null = null): () => void {
    this.#users += 1;
    const { status, timeline } = this.store.getState();
    if (this.#users === 1) {
      this.#mark = mark;
      this.store.setState({ fresh: freshAfter(timeline.items, mark, this.scope.me) });
    }
    if (status === "ready") this.#watch();
    if (spot) void this.around(spot.eventId, spot.into);
    else if (eventId) void this.around(eventId);
    else if (status !== "ready") void this.present();
    return () => {
      this.#users -= 1;
      if (this.#users) return;
      this.#unwatch?.();
      this.#unwatch = null;
      this.#typists.clear();
      // Coming back begins anew: where one was led to is not asked for twice.
      this.#go(null);
    };
  }

  /** Whether somebody sees the newest message just now, or reads further up. */
  lookedAt(looking: boolean, above: boolean): void {
    this.#sight = { looking, above };
  }

  /** Go to the present. */
  async present(): Promise<void> {
    const { status, timeline } = this.store.getState();
    if (status === "ready" && timeline.after === null) this.#go(null);
    else await this.#load({ limit: FIRST }, null);
  }

  /** Go to an event. */
  async around(eventId: string, into: number | null = null): Promise<void> {
    const here = this.store.getState().timeline.items.some((item) => item.eventId === eventId);
    if (here) this.#go(eventId, into);
    else await this.#load({ around: eventId, limit: FIRST }, eventId, into);
  }

  /** Fetch what came before or after the window. */
  async more(side: "before" | "after"): Promise<void> {
    const { fetching, timeline, status } = this.store.getState();
    const edge = timeline[side];
    if (fetching || !edge || status !== "ready") return;
    this.store.setState({ fetching: side });
    try {
      const page = await this.#fetch({ limit: MORE, ...asked(edge, side) });
      this.#patience.over();
      // Another window may be there by now, to whose edge it does not belong.
      this.#set((now) => (now[side] === edge ? joined(now, page, side) : now));
    } catch (error) {
      logError("history", error);
      // The view asks again as soon as nothing is under way.
      await this.#patience.rest();
    }
    this.store.setState({ fetching: null });
  }

  /** One has come in: what was not to be read from outside is now. */
  entered(): void {
    if (this.store.getState().status !== "ready") void this.present();
  }

  send(draft: Draft): void {
    if (this.store.getState().timeline.after !== null) void this.present();
    this.#outbox.add(draft);
    this.store.setState({ fresh: null });
    this.#go(null);
  }

  retry = (txnId: string): void => this.#outbox.retry(txnId);
  drop = (txnId: string): void => this.#outbox.drop(txnId);
  /** Nothing of it is to be sent any more. */
  forget = (): void => this.store.setState({ pending: [] });

  resume(): void {
    this.#outbox.resume();
    this.#patience.over();
    if (!this.#users) return;
    if (this.#shelf.old) void this.#load({ limit: FIRST }, null);
    else if (this.store.getState().status === "failed") void this.present();
  }

  /** Change what is shown before the server has said so. */
  change(change: (timeline: Timeline) => Timeline): void {
    this.#set(change);
  }

  accept(message: Message): void {
    const { items, before } = this.store.getState().timeline;
    // What arrived long ago has its place further up, where nothing is fetched yet.
    const above = before !== null && items[0] !== undefined && message.ts < items[0].ts;
    if (!above) this.#set((timeline) => arrived(timeline, message, this.scope));
    this.#settle(message);
  }

  async #load(query: Record<string, string | number>, goTo: string | null, into: number | null = null): Promise<void> {
    this.#run += 1;
    const run = this.#run;
    const known = this.store.getState().status === "ready";
    if (!known) this.store.setState({ status: "loading", error: null });
    try {
      const page = await this.#fetch(query);
      if (run !== this.#run) return;
      this.#shelf.old = false;
      this.#patience.over();
      const timeline = opened(page);
      const fresh = known ? this.store.getState().fresh : freshAfter(timeline.items, this.#mark, this.scope.me);
      this.store.setState({ status: "ready", error: null, timeline, fresh });
      for (const item of page.items) if (!isSystem(item)) this.#settle(item);
      this.#go(goTo, into);
      if (this.#users) this.#watch();
    } catch (error) {
      if (run !== this.#run) return;
      logError("history", error);
      if (goTo && error instanceof ApiError && error.status === 404) {
        if (into === null) toast(strings.noSuchMessage, { tone: "bad" });
        await this.present();
      } else if (!known && !(await this.#recall(error))) this.store.setState({ status: "failed", error });
    }
  }

  async #recall(error: unknown): Promise<boolean> {
    const run = this.#run;
    const timeline = await this.#shelf.recall(error);
    if (run !== this.#run || !timeline) return run !== this.#run;
    this.store.setState({ status: "ready", error: null, timeline });
    this.#go(null);
    if (this.#users) this.#watch();
    return true;
  }

  #fetch(query: Record<string, string | number>): Promise<Page> {
    const thread = this.scope.threadRoot ?? undefined;
    return call<Page>("GET", historyPath(this.roomId), { query: { ...query, thread } });
  }

  #watch(): void {
    this.#unwatch?.();
    const { position } = this.store.getState().timeline;
    this.#unwatch = live.watch(this.roomId, position, this.#hear);
  }

  #hear = (frame: Frame): void => {
    switch (frame.event) {
      case "typing":
        this.#typists.set(frame.userId, frame.typing);
        return;
      case "subscribed":
        // What stands before this was said while nobody listened.
        this.#replayed = frame.position ?? 0;
        this.store.setState({ online: frame.online });
        this.#typists.replace(frame.typing);
        return;
      case "resync":
        this.#resync(frame.position);
        return;
      case "member:changed":
      case "room:changed":
        this.#take(frame);
        if (this.scope.threadRoot === null) this.#refreshSoon();
        return;
      case "message:new":
      case "message:edited":
      case "message:redacted":
      case "reaction:added":
      case "reaction:removed":
      case "event:new":
        this.#take(frame);
        return;
      default:
    }
  };

  #take(frame: RoomFrame): void {
    // What the gateway could not make into a message, history may have.
    if ((frame.event === "message:new" || frame.event === "message:edited") && !frame.message) {
      this.#refreshSoon();
      return;
    }
    // Else what somebody reads at the top of a full window would go for what is new at its end.
    this.#set((timeline) => folded(this.#sight.above ? left(timeline, frame) : timeline, frame, this.scope));
    if (frame.event !== "message:new" || !frame.message) return;
    this.#typists.set(frame.sender, false);
    this.#settle(frame.message);
    const unseen = !this.#sight.looking || (frame.position !== null && frame.position <= this.#replayed);
    const known = this.store.getState().timeline.items.at(-1)?.eventId === frame.eventId;
    if (unseen && known && frame.sender !== this.scope.me && this.store.getState().fresh === null) {
      this.store.setState({ fresh: frame.eventId });
    }
  }

  // It is here: what was on its way has arrived.
  #settle(message: Message): void {
    if (message.sender !== this.scope.me) return;
    const { pending } = this.store.getState();
    const rest = pending.filter((one) => one.txnId !== message.txnId && one.eventId !== message.eventId);
    if (rest.length !== pending.length) this.store.setState({ pending: rest });
  }

  #resync(position: number | null): void {
    if (this.store.getState().timeline.after === null) void this.#load({ limit: FIRST }, null);
    else this.#set((timeline) => ({ ...timeline, position }));
  }

  #refreshSoon(): void {
    clearTimeout(this.#refreshing);
    this.#refreshing = setTimeout(() => {
      const run = this.#run;
      this.#fetch({ limit: 20 })
        .then((page) => {
          if (run !== this.#run) return;
          this.#set((timeline) => refreshed(timeline, page));
          for (const item of page.items) if (!isSystem(item)) this.#settle(item);
        })
        .catch((error: unknown) => logError("refresh", error));
    }, GATHER);
  }

  #set(change: (timeline: Timeline) => Timeline): void {
    const { timeline } = this.store.getState();
    const next = change(timeline);
    if (next !== timeline) this.store.setState({ timeline: next });
  }

  #go(eventId: string | null, into: number | null = null): void {
    this.#nonce += 1;
    this.store.setState({ goTo: { eventId, into, nonce: this.#nonce } });
  }
}
