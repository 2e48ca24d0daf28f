// SPDX-License-Identifier: AGPL-3.0-or-later
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { type Draft, Outbox, type Pending } from "@/features/conversation/model/outbox";
import { messageOf } from "@/features/conversation/testing";
import { setCsrfToken } from "@/lib/api";
import { ApiError } from "@/lib/api-error";
import type { Command, Frame } from "@/lib/live/frames";
import { live } from "@/lib/live/hub";
import { setLink } from "@/lib/live/state";
import type { Message } from "@/lib/message";

type Send = Extract<Command, { type: "send" }>;

const ROOM = "!room:hs.test";
const draft = (text: string, more: Partial<Draft> = {}): Draft => ({
  text,
  replyTo: null,
  threadRoot: null,
  mentions: { users: [], room: false },
  upload: null,
  ...more,
});
const accepted = vi.fn<(message: Message) => void>();
const refused = vi.fn<(error: ApiError, pending: Pending) => void>();
const posted = vi.fn<typeof fetch>();
const said = (index = 0) => JSON.parse(String(posted.mock.calls[index]?.[1]?.body)) as Record<string, unknown>;
const isSend = (command: Command): command is Send => command.type === "send";

let list: readonly Pending[] = [];
let outbox: Outbox;
let asked: Send[] = [];
/** What the socket answers, one after the other; nothing more: it took it. */
let answers: (Error | null)[] = [];

async function answer(command: Command): Promise<Frame> {
  if (!isSend(command)) throw new Error(command.type);
  asked.push(command);
  const error = answers.shift();
  if (error) throw error;
  return { event: "message:sent", re: "1", txnId: command.txnId, eventId: `$${command.txnId}`, roomId: ROOM } as Frame;
}

beforeEach(() => {
  list = [];
  asked = [];
  answers = [];
  vi.clearAllMocks();
  vi.stubGlobal("fetch", posted);
  vi.spyOn(live, "ask").mockImplementation(answer);
  posted.mockImplementation(async () => new Response(JSON.stringify({ event_id: "$rest", body: "hi" }), { status: 201 }));
  setCsrfToken("token");
  setLink("online");
  const set = (pending: readonly Pending[]) => void (list = pending);
  outbox = new Outbox(ROOM, { get: () => list, set, accepted, refused });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  setLink("connecting");
});

const states = () => list.map(({ text, state }) => `${text} ${state}`);

it("shows at once what goes out, and sends one after the other", async () => {
  outbox.add(draft("one"));
  outbox.add(draft("two"));
  expect(states()).toEqual(["one sending", "two waiting"]);
  await vi.waitFor(() => expect(states()).toEqual(["one sent", "two sent"]));
  expect(asked.map(({ message }) => message.text)).toEqual(["one", "two"]);
  expect(list[0]?.eventId).toBe(`$${list[0]?.txnId}`);
  expect(posted).not.toHaveBeenCalled();
});

it("says only what there is to say", async () => {
  const mentions = { users: ["@ann:hs.test"], room: false };
  outbox.add(draft("yes", { replyTo: messageOf("$1"), threadRoot: "$0", mentions }));
  outbox.add(draft("plain"));
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  expect(asked[0]?.message).toEqual({ text: "yes", replyTo: "$1", threadRoot: "$0", mentions });
  expect(asked[1]?.message).toEqual({ text: "plain" });
});

it("settles what the socket did not answer over REST, under the same id", async () => {
  answers = [ApiError.offline()];
  outbox.add(draft("hi"));
  await vi.waitFor(() => expect(states()).toEqual(["hi sent"]));
  expect(said()).toEqual({ text: "hi", txn_id: asked[0]?.txnId });
  expect(accepted).toHaveBeenCalledWith({ eventId: "$rest", body: "hi" });
});

it("asks the socket nothing that may have arrived long ago", async () => {
  outbox.add(draft("hi"));
  await vi.waitFor(() => expect(states()).toEqual(["hi sent"]));
  list = list.map((one) => ({ ...one, again: true, state: "failed" }));
  outbox.retry(list[0]?.txnId ?? "");
  await vi.waitFor(() => expect(states()).toEqual(["hi sent"]));
  expect(asked).toHaveLength(1);
  expect(said()).toEqual({ text: "hi", txn_id: asked[0]?.txnId });
});

it("waits without a connection, and goes on in order when there is one", async () => {
  setLink("offline");
  posted.mockRejectedValueOnce(new TypeError("failed"));
  outbox.add(draft("one"));
  outbox.add(draft("two"));
  await vi.waitFor(() => expect(states()).toEqual(["one waiting", "two waiting"]));
  await vi.waitFor(() => expect(posted).toHaveBeenCalledTimes(1));
  outbox.resume();
  await vi.waitFor(() => expect(states()).toEqual(["one sent", "two sent"]));
  expect([said(0), said(1), said(2)].map(({ text }) => text)).toEqual(["one", "one", "two"]);
  expect(said(0)).toEqual(said(1));
});

it("says why it was refused and goes on with the next; it can be sent again or thrown away", async () => {
  const slow = new ApiError("slow_mode", 429, "Slow mode.", 900);
  answers = [slow];
  outbox.add(draft("one"));
  outbox.add(draft("two"));
  await vi.waitFor(() => expect(states()).toEqual(["one failed", "two sent"]));
  const [one] = list;
  expect(one?.problem).toBe("Slow mode.");
  expect(one?.retryAt).toBeGreaterThan(Date.now());
  expect(refused).toHaveBeenCalledWith(slow, expect.objectContaining({ text: "one" }));
  outbox.retry(one?.txnId ?? "");
  await vi.waitFor(() => expect(states()).toEqual(["one sent", "two sent"]));
  expect(asked.map(({ txnId }) => txnId)[2]).toBe(one?.txnId);
  outbox.drop(one?.txnId ?? "");
  expect(states()).toEqual(["two sent"]);
});
