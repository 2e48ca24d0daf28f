// SPDX-License-Identifier: AGPL-3.0-or-later
// What is on its way out of one room: one after the other, each under an id of its own that stays
// the same however often it is tried, so that nothing is said twice.
import { call } from "@/lib/api";
import { ApiError } from "@/lib/api-error";
import { live } from "@/lib/live/hub";
import { useLive } from "@/lib/live/state";
import type { Attachment, Message } from "@/lib/message";
import { handleError } from "@/lib/report";

export interface Draft {
  text: string;
  replyTo: Message | null;
  threadRoot: string | null;
  mentions: { users: string[]; room: boolean };
  upload: (Attachment & { id: string }) | null;
}

export interface Pending extends Draft {
  txnId: string;
  at: number;
  /** `waiting`: it goes out by itself once there is a connection. */
  state: "sending" | "waiting" | "failed" | "sent";
  eventId: string | null;
  problem: string | null;
  /** When trying again can succeed (ms since 1970). */
  retryAt: number | null;
  /** It was tried before the page was opened, and may have arrived. */
  again?: boolean;
}

interface Outlet {
  get: () => readonly Pending[];
  set: (pending: readonly Pending[]) => void;
  accepted: (message: Message) => void;
  refused: (error: ApiError, pending: Pending) => void;
}

export class Outbox {
  #room: string;
  #outlet: Outlet;
  #busy = false;

  constructor(room: string, outlet: Outlet) {
    this.#room = room;
    this.#outlet = outlet;
  }

  add(draft: Draft): void {
    const one: Pending = {
      ...draft,
      txnId: crypto.randomUUID(),
      at: Date.now(),
      state: "waiting",
      eventId: null,
      problem: null,
      retryAt: null,
    };
    this.#outlet.set([...this.#outlet.get(), one]);
    void this.#run();
  }

  retry(txnId: string): void {
    this.#change(txnId, { state: "waiting", problem: null, retryAt: null });
    void this.#run();
  }

  /** Send what waits, after a connection came back. */
  resume(): void {
    void this.#run();
  }

  drop(txnId: string): void {
    this.#outlet.set(this.#outlet.get().filter((one) => one.txnId !== txnId));
  }

  async #run(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (;;) {
        const next = this.#outlet.get().find((one) => one.state === "waiting");
        if (!next) return;
        this.#change(next.txnId, { state: "sending" });
        // The order of the lines is the order of the conversation.
        // oxlint-disable-next-line no-await-in-loop
        if (!(await this.#send(next))) return;
      }
    } finally {
      this.#busy = false;
    }
  }

  /** Whether to go on with the next. */
  async #send(one: Pending): Promise<boolean> {
    try {
      const sent = await deliver(this.#room, one);
      this.#change(one.txnId, { state: "sent", eventId: sent.eventId });
      if ("body" in sent) this.#outlet.accepted(sent);
      return true;
    } catch (error) {
      const known = error instanceof ApiError ? error : null;
      if (known?.status === 0) {
        this.#change(one.txnId, { state: "waiting", problem: known.sentence });
        return false;
      }
      const problem = handleError("send", error);
      const retryAt = known?.retryAfterMs ? Date.now() + known.retryAfterMs : null;
      this.#change(one.txnId, { state: "failed", problem, retryAt });
      if (known) this.#outlet.refused(known, one);
      return true;
    }
  }

  #change(txnId: string, change: Partial<Pending>): void {
    this.#outlet.set(
      this.#outlet.get().map((one) => (one.txnId === txnId ? { ...one, ...change } : one)),
    );
  }
}

async function deliver(room: string, one: Pending): Promise<Message | { eventId: string }> {
  const body = {
    text: one.text,
    ...(one.replyTo && { replyTo: one.replyTo.eventId }),
    ...(one.threadRoot && { threadRoot: one.threadRoot }),
    ...((one.mentions.users.length || one.mentions.room) && { mentions: one.mentions }),
    ...(one.upload && { attachment: { uploadId: one.upload.id } }),
  };
  // Only REST answers with the whole message, which no frame brings when it arrived long ago.
  if (useLive.getState().state === "online" && !one.again) {
    try {
      const answer = await live.ask({ type: "send", room, txnId: one.txnId, message: body });
      if (answer.event === "message:sent") return { eventId: answer.eventId };
    } catch (error) {
      // No answer says nothing about whether it arrived: the same id over REST settles it.
      if (!(error instanceof ApiError) || error.status !== 0) throw error;
    }
  }
  const path = `/api/v1/rooms/${encodeURIComponent(room)}/messages`;
  return await call<Message>("POST", path, { body: { ...body, txnId: one.txnId } });
}
