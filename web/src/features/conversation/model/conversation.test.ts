// SPDX-License-Identifier: AGPL-3.0-or-later
import { beforeEach, expect, it, vi } from "vitest";

import { Conversation } from "@/features/conversation/model/conversation";
import { messageOf } from "@/features/conversation/testing";
import { call } from "@/lib/api";
import { ApiError } from "@/lib/api-error";
import type { Frame } from "@/lib/live/frames";
import { live } from "@/lib/live/hub";
import { useLive } from "@/lib/live/state";
import type { Item } from "@/lib/message";
import { forgetPersonal } from "@/lib/personal";

vi.mock("@/lib/api", () => ({ call: vi.fn<typeof call>() }));
const asked = vi.mocked(call);
const ME = "@ann:hs.test";
const DRAFT = { text: "hello", replyTo: null, threadRoot: null, mentions: { users: [], room: false }, upload: null };

const room = (): Conversation => new Conversation("!room", { me: ME, threadRoot: null });
const pendingIn = (one: Conversation) => one.store.getState().pending;
const page = (items: Item[], before: string | null = null) => ({ items, before, after: null, position: 9 });

beforeEach(() => {
  forgetPersonal();
  asked.mockReset();
  useLive.setState({ state: "offline", retryAt: null, once: true });
});

it("shows after a reload what was not sent, and sends it once under its old id", async () => {
  asked.mockRejectedValue(ApiError.offline());
  const before = room();
  before.send(DRAFT);
  await vi.waitFor(() => expect(pendingIn(before)[0]?.problem).not.toBeNull());
  const after = room();
  const [left] = pendingIn(after);
  expect(left).toMatchObject({ text: "hello", state: "failed" });
  asked.mockReset().mockResolvedValueOnce(messageOf("$1", { txnId: left?.txnId ?? null, sender: ME }));
  // Connected or not: only the REST answer says what became of it.
  useLive.setState({ state: "online" });
  after.retry(left?.txnId ?? "");
  await vi.waitFor(() => expect(pendingIn(after)).toEqual([]));
  expect(asked.mock.calls[0]?.[2]?.body).toMatchObject({ text: "hello", txnId: left?.txnId });
  expect(after.store.getState().timeline.items.map(({ eventId }) => eventId)).toEqual(["$1"]);
  expect(pendingIn(room())).toEqual([]);
});

it("drops what turns out to have arrived", async () => {
  asked.mockRejectedValue(ApiError.offline());
  const before = room();
  before.send(DRAFT);
  await vi.waitFor(() => expect(pendingIn(before)[0]?.problem).not.toBeNull());
  const after = room();
  const txnId = pendingIn(after)[0]?.txnId ?? null;
  asked.mockReset().mockResolvedValue(page([messageOf("$1", { txnId, sender: ME })]));
  await after.present();
  expect(pendingIn(after)).toEqual([]);
  expect(pendingIn(room())).toEqual([]);
});

it("does not put an old message at the end of what is shown", async () => {
  const one = room();
  asked.mockResolvedValueOnce(page([messageOf("$5", { ts: 500 })], "cursor"));
  await one.present();
  one.accept(messageOf("$1", { ts: 100, sender: ME }));
  expect(one.store.getState().timeline.items.map(({ eventId }) => eventId)).toEqual(["$5"]);
});

it("leads to the newest, and says so, when the message asked for is not there", async () => {
  const one = room();
  asked.mockRejectedValueOnce(new ApiError("not_found", 404, "Nothing here.", null, [], {}));
  asked.mockResolvedValueOnce(page([messageOf("$5")]));
  one.enter("$gone");
  await vi.waitFor(() => expect(one.store.getState().status).toBe("ready"));
  expect(one.store.getState().goTo).toMatchObject({ eventId: null });
});

it("leads back to where one was, and forgets it when one leaves", async () => {
  const one = room();
  asked.mockResolvedValueOnce(page([messageOf("$4"), messageOf("$5")]));
  const leave = one.enter(undefined, null, { eventId: "$4", into: 12 });
  await vi.waitFor(() => expect(one.store.getState().status).toBe("ready"));
  expect(asked.mock.calls[0]?.[2]?.query).toMatchObject({ around: "$4" });
  expect(one.store.getState().goTo).toMatchObject({ eventId: "$4", into: 12 });
  leave();
  expect(one.store.getState().goTo).toMatchObject({ eventId: null, into: null });
});

const closed = new ApiError("not_found", 404, "There is nothing here.");
const statusOf = (one: Conversation) => one.store.getState().status;
const eventsOf = (one: Conversation) => one.store.getState().timeline.items.map(({ eventId }) => eventId);

it("is read by itself once one has come in", async () => {
  const one = room();
  asked.mockRejectedValueOnce(closed);
  await one.present();
  expect(statusOf(one)).toBe("failed");
  asked.mockResolvedValueOnce(page([messageOf("$5")]));
  one.entered();
  await vi.waitFor(() => expect(statusOf(one)).toBe("ready"));
});

it("does not take for the answer what was said before one came in", async () => {
  const one = room();
  const { promise, reject } = later();
  asked.mockReturnValueOnce(promise).mockResolvedValueOnce(page([messageOf("$5")]));
  const first = one.present();
  one.entered();
  await vi.waitFor(() => expect(statusOf(one)).toBe("ready"));
  reject(closed);
  await first;
  expect(statusOf(one)).toBe("ready");
  one.entered();
  expect(asked).toHaveBeenCalledTimes(2);
});

it("asks for older messages later and later while that leads nowhere", async () => {
  vi.useFakeTimers();
  const one = room();
  const fetching = () => one.store.getState().fetching;
  asked.mockResolvedValueOnce(page([messageOf("$5")], "cursor"));
  await one.present();
  asked.mockReset().mockRejectedValue(ApiError.offline());
  void one.more("before");
  await vi.advanceTimersByTimeAsync(100);
  // The view asks whenever nothing is under way.
  void one.more("before");
  expect(asked).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(1200);
  expect(fetching()).toBeNull();
  void one.more("before");
  await vi.advanceTimersByTimeAsync(1400);
  expect(fetching()).toBe("before");
  // Back online: now it is worth trying.
  one.resume();
  await vi.advanceTimersByTimeAsync(0);
  expect(fetching()).toBeNull();
  expect(asked).toHaveBeenCalledTimes(2);
  vi.useRealTimers();
});

it("puts older messages before no window but the one they were asked for", async () => {
  const one = room();
  asked.mockResolvedValueOnce(page([messageOf("$8", { position: 8 })], "before 8"));
  await one.present();
  const { promise, resolve } = later();
  asked.mockReturnValueOnce(promise).mockResolvedValueOnce(page([messageOf("$3", { position: 3 })], "before 3"));
  const more = one.more("before");
  await one.around("$3");
  resolve(page([messageOf("$1", { position: 1 })], "before 1"));
  await more;
  expect(eventsOf(one)).toEqual(["$3"]);
  expect(one.store.getState().timeline.before).toEqual({ cursor: "before 3" });
});

/** An answer that the test gives. */
it.each([
  ["keeps what is read at the top of a full window, and counts what is new", true, "$1", 1],
  ["goes on with the newest where that is what is read", false, "$2", 0],
])("%s", async (_, above, first, missed) => {
  const watched = vi.spyOn(live, "watch");
  const items = Array.from({ length: 100 }, (_item, at) => messageOf(`$${at + 1}`, { position: at + 1 }));
  asked.mockResolvedValueOnce({ ...page(items), position: 100 });
  const one = room();
  one.enter();
  await vi.waitFor(() => expect(statusOf(one)).toBe("ready"));
  one.lookedAt(!above, above);
  const message = messageOf("$101", { position: 101, sender: "@bob:hs.test" });
  const { sender, ts } = message;
  const frame = { v: 1, event: "message:new", roomId: "!room", eventId: "$101", position: 101, sender, ts, message };
  watched.mock.lastCall?.[2](frame as unknown as Frame);
  expect(eventsOf(one)).toHaveLength(100);
  expect([eventsOf(one)[0], one.store.getState().timeline.missed]).toEqual([first, missed]);
});

function later() {
  let resolve!: (answer: unknown) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise((given, refused) => {
    resolve = given;
    reject = refused;
  });
  return { promise, resolve, reject };
}
