// SPDX-License-Identifier: AGPL-3.0-or-later
import { beforeEach, expect, it, vi } from "vitest";

import { Conversation } from "@/features/conversation/model/conversation";
import { messageOf } from "@/features/conversation/testing";
import { call } from "@/lib/api";
import { ApiError } from "@/lib/api-error";
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
