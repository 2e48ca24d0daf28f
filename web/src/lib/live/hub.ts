// SPDX-License-Identifier: AGPL-3.0-or-later
// This tab's side of the connection. One tab of the browser holds it (whoever has the lock), the
// others hear and speak through that one; without locks every tab has its own.
import { ApiError } from "@/lib/api-error";
import { Carrier, type Outlet } from "@/lib/live/carrier";
import { type Command, type Frame, placeOf, roomOf } from "@/lib/live/frames";
import { type LinkState, setLink } from "@/lib/live/state";

type Listener = (frame: Frame) => void;

type Said =
  | { to: "all"; kind: "frame"; frame: Frame }
  | { to: "all"; kind: "state"; state: LinkState; retryAt: number | null }
  | { to: "all"; kind: "leader" }
  | { to: "leader"; kind: "hello"; tab: string }
  | { to: "leader"; kind: "want"; tab: string; room: string; position: number | null }
  | { to: "leader"; kind: "unwant"; tab: string; room?: string }
  | { to: "leader"; kind: "send"; id: string | null; command: Command }
  | { to: "leader"; kind: "now" };

interface Watched {
  position: number | null;
  listeners: Set<Listener>;
}

const LOCK = "kith.live";
/** Milliseconds a command's answer may take. */
const PATIENCE = 10_000;

export class Hub {
  readonly #tab = crypto.randomUUID();
  #channel: BroadcastChannel | null = null;
  #carrier: Carrier | null = null;
  #release: (() => void) | null = null;
  #rooms = new Map<string, Watched>();
  #listeners = new Set<Listener>();
  #waiting = new Map<string, (frame: Frame) => void>();
  #last = 0;
  #me: string | null = null;
  #told: { state: LinkState; retryAt: number | null } = { state: "connecting", retryAt: null };
  #make: (outlet: Outlet) => Carrier;

  constructor(make = (outlet: Outlet) => new Carrier(outlet)) {
    this.#make = make;
  }

  start(): void {
    if (this.#channel || this.#carrier) return;
    if (!navigator.locks || typeof BroadcastChannel === "undefined") {
      this.#lead();
      return;
    }
    this.#channel = new BroadcastChannel(LOCK);
    this.#channel.addEventListener("message", ({ data }: MessageEvent<Said>) => this.#heard(data));
    this.#say({ to: "leader", kind: "hello", tab: this.#tab });
    const stop = new AbortController();
    this.#release = () => stop.abort();
    const held = () =>
      new Promise<void>((resolve) => {
        this.#release = resolve;
        this.#lead();
      });
    navigator.locks.request(LOCK, { signal: stop.signal }, held).catch(() => undefined);
    addEventListener("pagehide", this.#bye);
    addEventListener("pageshow", this.#back);
  }

  stop(): void {
    removeEventListener("pagehide", this.#bye);
    removeEventListener("pageshow", this.#back);
    this.#bye();
    this.#carrier?.stop();
    this.#carrier = null;
    this.#release?.();
    this.#release = null;
    this.#channel?.close();
    this.#channel = null;
    setLink("connecting");
  }

  /** Try to connect at once. */
  now(): void {
    this.#say({ to: "leader", kind: "now" });
  }

  /** Hear everything that comes. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Hear a room, what came behind `position` first. */
  watch(room: string, position: number | null, listener: Listener): () => void {
    const known = this.#rooms.get(room) ?? { position, listeners: new Set() };
    known.position = position;
    known.listeners.add(listener);
    this.#rooms.set(room, known);
    this.#say({ to: "leader", kind: "want", tab: this.#tab, room, position });
    return () => {
      known.listeners.delete(listener);
      if (known.listeners.size || this.#rooms.get(room) !== known) return;
      this.#rooms.delete(room);
      this.#say({ to: "leader", kind: "unwant", tab: this.#tab, room });
    };
  }

  /** Say something without waiting for an answer. */
  tell(command: Command): void {
    this.#say({ to: "leader", kind: "send", id: null, command });
  }

  /**
   * Say something and wait for the answer.
   *
   * @throws ApiError the refusal, or offline when none came.
   */
  ask(command: Command): Promise<Frame> {
    this.#last += 1;
    const id = `${this.#tab}.${this.#last}`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(ApiError.offline());
      }, PATIENCE);
      this.#waiting.set(id, (frame) => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        if (frame.event === "error") reject(refusal(frame));
        else resolve(frame);
      });
      this.#say({ to: "leader", kind: "send", id, command });
    });
  }

  #say(said: Said): void {
    if (said.to === "leader" && this.#carrier) this.#heard(said);
    else this.#channel?.postMessage(said);
  }

  #heard(said: Said): void {
    if (said.to === "leader") {
      if (this.#carrier) this.#carry(this.#carrier, said);
    } else if (said.kind === "frame") this.#frame(said.frame);
    else if (said.kind === "state") setLink(said.state, said.retryAt);
    else this.#want();
  }

  #carry(carrier: Carrier, said: Extract<Said, { to: "leader" }>): void {
    if (said.kind === "want") carrier.want(said.tab, said.room, said.position);
    else if (said.kind === "unwant") carrier.unwant(said.tab, said.room);
    else if (said.kind === "now") carrier.now();
    else if (said.kind === "hello") this.#say({ to: "all", kind: "state", ...this.#told });
    else if (!carrier.send(said.command, said.id) && said.id !== null) {
      const details = {};
      const message = ApiError.offline().sentence;
      this.#tellAll({ event: "error", code: "offline", message, details, re: said.id });
    }
  }

  #lead(): void {
    this.#carrier = this.#make({
      frame: (frame) => this.#tellAll(frame),
      state: (state, retryAt) => {
        this.#told = { state, retryAt };
        setLink(state, retryAt);
        this.#say({ to: "all", kind: "state", state, retryAt });
      },
    });
    this.#want();
    this.#carrier.start();
    this.#say({ to: "all", kind: "leader" });
  }

  #tellAll(frame: Frame): void {
    this.#say({ to: "all", kind: "frame", frame });
    this.#frame(frame);
  }

  #frame(frame: Frame): void {
    if (frame.event === "ready") this.#me = frame.userId;
    const re = "re" in frame ? frame.re : null;
    if (re) this.#waiting.get(re)?.(frame);
    const room = this.#rooms.get(roomOf(frame) ?? "");
    if (room) {
      for (const listener of room.listeners) listener(frame);
      room.position = frame.event === "resync" ? frame.position : (placeOf(frame, this.#me) ?? room.position);
    }
    for (const listener of this.#listeners) listener(frame);
  }

  #want(): void {
    for (const [room, { position }] of this.#rooms) {
      this.#say({ to: "leader", kind: "want", tab: this.#tab, room, position });
    }
  }

  #bye = (): void => this.#say({ to: "leader", kind: "unwant", tab: this.#tab });
  #back = (event: PageTransitionEvent): void => {
    if (event.persisted) this.#want();
  };
}

function refusal(frame: Extract<Frame, { event: "error" }>): ApiError {
  const wait = frame.details.retryAfterMs;
  const status = frame.code === "offline" ? 0 : typeof wait === "number" ? 429 : 400;
  const after = typeof wait === "number" ? wait : null;
  return new ApiError(frame.code, status, frame.message, after, [], frame.details);
}

/** The app's one. */
export const live = new Hub();
