// SPDX-License-Identifier: AGPL-3.0-or-later
import { type Mock, afterEach, beforeEach, expect, it, vi } from "vitest";

import { call } from "@/lib/api";
import { ApiError } from "@/lib/api-error";
import { type Ears, Socket } from "@/lib/live/socket";
import { FakeSocket } from "@/lib/live/testing";

vi.mock("@/lib/api", () => ({ call: vi.fn<typeof call>() }));
const token = vi.mocked(call);

const READY = { event: "ready" };
let opened: FakeSocket[];
let ears: { [Name in keyof Ears]: Mock<Ears[Name]> };
let socket: Socket;

const rest = () => vi.advanceTimersByTimeAsync(0);
const begin = (): Promise<unknown> => {
  socket.start();
  return rest();
};
const newest = (): FakeSocket => opened.at(-1) as FakeSocket;

/** Milliseconds until the next try, as they were said; the time passes. */
async function untilNext(): Promise<number> {
  const [state, retryAt] = ears.state.mock.lastCall as [string, number];
  expect(state).toBe("offline");
  const wait = retryAt - Date.now();
  await vi.advanceTimersByTimeAsync(wait);
  return wait;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  token.mockReset().mockResolvedValue({ connectionToken: "once" });
  opened = [];
  ears = { frame: vi.fn<Ears["frame"]>(), state: vi.fn<Ears["state"]>(), blocked: vi.fn<Ears["blocked"]>() };
  socket = new Socket(ears, (url) => {
    opened.push(new FakeSocket(url));
    return newest() as unknown as WebSocket;
  });
});

afterEach(() => {
  socket.stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("opens with a fresh token and says when it is there", async () => {
  await begin();
  expect(new URL(newest().url).searchParams.get("connection_token")).toBe("once");
  expect(ears.state).toHaveBeenLastCalledWith("connecting", null);
  newest().says(READY);
  expect(ears.state).toHaveBeenLastCalledWith("online", null);
  expect(socket.send({ type: "typing", room: "!r", typing: true }, "a.1")).toBe(true);
  expect(newest().sent).toEqual([{ type: "typing", room: "!r", typing: true, id: "a.1" }]);
});

it("waits 1, 2, 4, 8, 16 and then 30 seconds, and begins anew after a success", async () => {
  token.mockRejectedValue(ApiError.offline());
  await begin();
  const waits = [];
  for (let tries = 0; tries < 6; tries += 1) {
    // One try after the other is what is looked at.
    // oxlint-disable-next-line no-await-in-loop
    waits.push(await untilNext());
  }
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000]);
  token.mockResolvedValue({ connectionToken: "again" });
  await untilNext();
  newest().says(READY);
  newest().close(1006);
  expect(await untilNext()).toBe(1000);
});

it("strays from them by a quarter", async () => {
  vi.mocked(Math.random).mockReturnValue(0);
  await begin();
  newest().close(1006);
  expect(await untilNext()).toBe(750);
});

it("pings every thirty seconds and takes silence for a loss", async () => {
  await begin();
  newest().says(READY);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(newest().sent).toEqual([{ type: "ping" }]);
  newest().says({ event: "pong" });
  await vi.advanceTimersByTimeAsync(30_000);
  expect(newest().sent).toHaveLength(2);
  expect(opened).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(9999);
  expect(newest().readyState).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(newest().readyState).toBe(3);
  await untilNext();
  expect(opened).toHaveLength(2);
});

it("takes a socket that never gets ready for a loss, and two of them for a block", async () => {
  await begin();
  newest().close(1006);
  expect(ears.blocked).not.toHaveBeenCalled();
  await untilNext();
  newest().close(1006);
  expect(ears.blocked).toHaveBeenCalledOnce();
  // It goes on trying: what blocks may pass.
  await untilNext();
  newest().says(READY);
  expect(ears.state).toHaveBeenLastCalledWith("online", null);
});

it("keeps away for half a minute when there are too many", async () => {
  await begin();
  newest().says(READY);
  newest().close(4009);
  expect(await untilNext()).toBe(30_000);
});

it("asks no more once signed out", async () => {
  token.mockRejectedValue(new ApiError("unauthenticated", 401, "Sign in first.", null, [], {}));
  await begin();
  const asked = token.mock.calls.length;
  await vi.advanceTimersByTimeAsync(120_000);
  expect(token.mock.calls).toHaveLength(asked);
});

it("tries at once when asked to or when the network is back, but never twice at a time", async () => {
  await begin();
  newest().close(1006);
  socket.now();
  dispatchEvent(new Event("online"));
  await rest();
  expect(opened).toHaveLength(2);
  newest().says(READY);
  dispatchEvent(new Event("offline"));
  expect(newest().readyState).toBe(3);
  dispatchEvent(new Event("online"));
  await rest();
  expect(opened).toHaveLength(3);
});

it("lets what it asks for go when it is stopped, and asks anew when it begins again", async () => {
  const late = new Promise<{ connectionToken: string }>((resolve) => {
    setTimeout(() => resolve({ connectionToken: "late" }), 1000);
  });
  token.mockReturnValueOnce(late);
  await begin();
  const [, , options] = token.mock.lastCall as Parameters<typeof call>;
  socket.stop();
  expect(options?.signal?.aborted).toBe(true);
  await begin();
  await vi.advanceTimersByTimeAsync(1000);
  expect(opened.map(({ url }) => new URL(url).searchParams.get("connection_token"))).toEqual(["once"]);
});
