// SPDX-License-Identifier: AGPL-3.0-or-later
// One WebSocket at a time: gets a token, opens, pings, and comes back after a loss.
import { call } from "@/lib/api";
import { ApiError } from "@/lib/api-error";
import { fromWire, toWire } from "@/lib/case";
import { delayBefore } from "@/lib/live/backoff";
import type { Command, Frame } from "@/lib/live/frames";
import type { LinkState } from "@/lib/live/state";

export interface Ears {
  frame: (frame: Frame) => void;
  state: (state: LinkState, retryAt: number | null) => void;
  /** WebSockets do not get through here; something else must carry. */
  blocked: () => void;
}

const TOKEN = "/api/v1/auth/ws-connection-token/";
const PING = 30_000;
/** How long any answer may take until the connection counts as dead. */
const PATIENCE = 10_000;
/** Opened in vain so often, although the server answers: something in between forbids it. */
const VAIN = 2;
const TOO_MANY = 4009;

const realSocket = (url: string): WebSocket => new WebSocket(url);

export class Socket {
  #ears: Ears;
  #open: (url: string) => WebSocket;
  #socket: WebSocket | null = null;
  #asking: AbortController | null = null;
  #running = false;
  #attempt = 0;
  #vain = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #ping: ReturnType<typeof setInterval> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(ears: Ears, open = realSocket) {
    this.#ears = ears;
    this.#open = open;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    addEventListener("online", this.now);
    addEventListener("offline", this.#lost);
    this.now();
  }

  stop(): void {
    this.#running = false;
    removeEventListener("online", this.now);
    removeEventListener("offline", this.#lost);
    clearTimeout(this.#retry);
    this.#asking?.abort();
    this.#asking = null;
    this.#drop();
  }

  /** Try at once instead of waiting. */
  now = (): void => {
    clearTimeout(this.#retry);
    void this.#connect();
  };

  /** Whether it could be written. */
  send(command: Command, id: string | null): boolean {
    if (this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(toWire(id === null ? command : { ...command, id })));
    return true;
  }

  #lost = (): void => {
    if (this.#socket) this.#ended(this.#socket, 0);
  };

  async #connect(): Promise<void> {
    if (this.#asking || this.#socket || !this.#running) return;
    const asking = new AbortController();
    this.#asking = asking;
    this.#ears.state("connecting", null);
    try {
      const { connectionToken } = await call<{ connectionToken: string }>("POST", TOKEN, asking);
      if (this.#asking === asking) this.#listen(connectionToken);
    } catch (error) {
      // Stopped meanwhile, and perhaps begun again: what comes of this is nobody's concern.
      if (this.#asking !== asking) return;
      // Signed out: whoever shows pages notices and leaves; asking again is of no use.
      const out = error instanceof ApiError && error.status === 401;
      this.#later(out ? null : error instanceof ApiError ? error.retryAfterMs : null, out);
    } finally {
      if (this.#asking === asking) this.#asking = null;
    }
  }

  #listen(token: string): void {
    const url = new URL("/ws/community/", location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    url.searchParams.set("connection_token", token);
    const socket = this.#open(url.href);
    let ready = false;
    this.#socket = socket;
    this.#expect(socket);
    socket.addEventListener("message", ({ data }: MessageEvent<string>) => {
      clearTimeout(this.#silence);
      const frame = fromWire(JSON.parse(data)) as unknown as Frame;
      if (frame.event === "ready") {
        ready = true;
        this.#attempt = 0;
        this.#vain = 0;
        this.#ping = setInterval(() => {
          this.send({ type: "ping" }, null);
          this.#expect(socket);
        }, PING);
        this.#ears.state("online", null);
      }
      this.#ears.frame(frame);
    });
    socket.addEventListener("close", ({ code }) => {
      if (!ready) this.#vain += 1;
      this.#ended(socket, code);
    });
  }

  // A dead connection often says nothing for minutes; an unanswered ping does.
  #expect(socket: WebSocket): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#ended(socket, 0), PATIENCE);
  }

  #ended(socket: WebSocket, code: number): void {
    if (socket !== this.#socket) return;
    this.#drop();
    if (!this.#running) return;
    if (this.#vain >= VAIN && navigator.onLine) {
      this.#vain = 0;
      this.#ears.blocked();
    }
    this.#later(code === TOO_MANY ? 30_000 : null, false);
  }

  #drop(): void {
    clearInterval(this.#ping);
    clearTimeout(this.#silence);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #later(atLeast: number | null, never: boolean): void {
    if (!this.#running) return;
    if (never) {
      this.#ears.state("offline", null);
      return;
    }
    const wait = Math.max(atLeast ?? 0, delayBefore(this.#attempt));
    this.#attempt += 1;
    this.#ears.state("offline", Date.now() + wait);
    this.#retry = setTimeout(this.now, wait);
  }
}
