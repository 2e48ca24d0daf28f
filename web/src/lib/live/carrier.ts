// SPDX-License-Identifier: AGPL-3.0-or-later
// In the one tab that holds the connection: what all tabs want to hear, asked for again after
// every loss from where it broke off.
import { type Command, type Frame, placeOf } from "@/lib/live/frames";
import { Poller } from "@/lib/live/poller";
import { Socket } from "@/lib/live/socket";
import type { LinkState } from "@/lib/live/state";

export interface Outlet {
  frame: (frame: Frame) => void;
  state: (state: LinkState, retryAt: number | null) => void;
}

interface Want {
  tabs: Set<string>;
  position: number | null;
  /** It was refused, or has ended: it is asked for once the server says that one came in. */
  refused: boolean;
  /** Looks in a while whether what the counts tell of has come. */
  late: ReturnType<typeof setTimeout> | undefined;
}

const SUBSCRIBED = "sub:";
/** Milliseconds after which a refused subscription is asked for once more. */
const ASK_AGAIN = 10_000;
/** Milliseconds within which a room says what its counts have told of; else it is lost. */
const LATE = 5_000;

export class Carrier {
  #outlet: Outlet;
  #wants = new Map<string, Want>();
  #socket: Socket;
  #poller: Poller | null = null;
  #up = false;
  #me: string | null = null;

  constructor(outlet: Outlet, make = (ears: ConstructorParameters<typeof Socket>[0]) => new Socket(ears)) {
    this.#outlet = outlet;
    this.#socket = make({
      frame: (frame) => this.#hear(frame),
      state: (state, retryAt) => {
        this.#up = state === "online";
        // While polling carries, the socket's own tries are nobody's concern.
        if (!this.#poller || this.#up) outlet.state(state, retryAt);
      },
      blocked: () => this.#poll(),
    });
  }

  start(): void {
    this.#socket.start();
  }

  stop(): void {
    this.#socket.stop();
    this.#poller?.stop();
    this.#poller = null;
  }

  now(): void {
    this.#socket.now();
  }

  /** A tab wants to hear a room, from a position on. */
  want(tab: string, room: string, position: number | null): void {
    const known = this.#wants.get(room) ?? { tabs: new Set(), position, refused: false, late: undefined };
    known.tabs.add(tab);
    this.#wants.set(room, known);
    // The tab may be behind the others: what comes twice, the others know already.
    if (this.#up) this.#subscribe(room, position ?? known.position);
    else this.#poller?.follow(room, position ?? known.position);
  }

  /** A tab no longer wants a room; without one, nothing any more. */
  unwant(tab: string, room?: string): void {
    for (const [name, want] of this.#wants) {
      if ((room !== undefined && name !== room) || !want.tabs.delete(tab) || want.tabs.size) continue;
      this.#wants.delete(name);
      this.#socket.send({ type: "unsubscribe", room: name }, null);
      this.#poller?.leave(name);
    }
  }

  /** Whether the command is under way. */
  send(command: Command, id: string | null): boolean {
    return this.#socket.send(command, id);
  }

  #subscribe(room: string, position: number | null): void {
    const from = position === null ? {} : { resumeFrom: position };
    this.#socket.send({ type: "subscribe", room, ...from }, SUBSCRIBED + room);
  }

  #hear(frame: Frame): void {
    if (frame.event === "ready") {
      this.#me = frame.userId;
      this.#poller?.stop();
      this.#poller = null;
      for (const [room, want] of this.#wants) {
        want.refused = false;
        this.#subscribe(room, want.position);
      }
      this.#socket.send({ type: "unread" }, null);
    }
    if (frame.event === "error" && frame.re?.startsWith(SUBSCRIBED)) {
      this.#askAgain(frame.re.slice(SUBSCRIBED.length), frame.code);
    }
    if (frame.event === "member:changed" && frame.membership === "join") this.#cameIn(frame.roomId);
    this.#outlet.frame(this.#noted(frame));
    if (frame.event === "unread:changed") this.#toldOf(frame.roomId, frame.position);
    if (frame.event === "unread:snapshot") for (const { roomId, position } of frame.rooms) this.#toldOf(roomId, position);
  }

  // The counts come on a way of their own: what they know of and the room never says was lost.
  #toldOf(room: string, position: number | null): void {
    const want = this.#wants.get(room);
    if (!want || position === null || want.late !== undefined) return;
    const behind = () => want.position !== null && want.position < position;
    if (!behind()) return;
    want.late = setTimeout(() => {
      want.late = undefined;
      if (this.#up && this.#wants.get(room) === want && behind()) this.#subscribe(room, want.position);
    }, LATE);
  }

  #cameIn(room: string): void {
    const want = this.#wants.get(room);
    if (!want?.refused) return;
    want.refused = false;
    this.#subscribe(room, want.position);
  }

  #noted(frame: Frame): Frame {
    const want = "roomId" in frame ? this.#wants.get(frame.roomId) : undefined;
    const place = placeOf(frame, this.#me);
    if (want && place !== null) want.position = Math.max(want.position ?? 0, place);
    // `subscribed` names where the replay ends, not what has been heard.
    if (want && frame.event === "subscribed") {
      want.position ??= frame.position;
      want.refused = false;
    }
    if (want && frame.event === "resync") want.position = frame.position;
    if (want && frame.event === "unsubscribed" && !frame.re) want.refused = true;
    return frame;
  }

  #askAgain(room: string, code: string): void {
    const refusing = this.#wants.get(room);
    if (!refusing) return;
    if (code === "not_found" || code === "forbidden") {
      // Once more, for the word that one came in may have crossed the refusal; then it stands.
      if (refusing.refused) return;
      refusing.refused = true;
    }
    setTimeout(() => {
      const want = this.#wants.get(room);
      if (want && this.#up) this.#subscribe(room, want.position);
    }, ASK_AGAIN);
  }

  #poll(): void {
    if (this.#poller) return;
    this.#poller = new Poller({
      frame: (frame) => this.#outlet.frame(this.#noted(frame)),
      state: this.#outlet.state,
    });
    this.#poller.followMine();
    for (const [room, want] of this.#wants) this.#poller.follow(room, want.position);
  }
}
