// SPDX-License-Identifier: AGPL-3.0-or-later
import { type Mock, afterEach, beforeEach, expect, it, vi } from "vitest";

import { call } from "@/lib/api";
import { ApiError } from "@/lib/api-error";
import { Poller } from "@/lib/live/poller";
import { frameAt } from "@/lib/live/testing";

vi.mock("@/lib/api", () => ({ call: vi.fn<typeof call>() }));
const asked = vi.mocked(call);

type Told = (state: string, retryAt: number | null) => void;

let heard: unknown[];
let state: Mock<Told>;
let poller: Poller;

const rest = () => vi.advanceTimersByTimeAsync(0);
const sinces = () => asked.mock.calls.map(([, , options]) => options?.query?.since);

/** An answer that lasts until it is given up. */
const lasting = (signal?: AbortSignal) =>
  new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
  });

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  heard = [];
  state = vi.fn<Told>();
  asked.mockReset().mockImplementation((_method, _path, options) => lasting(options?.signal));
  poller = new Poller({ frame: (frame) => heard.push(frame), state });
});

afterEach(() => {
  poller.stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("begins each question where the answer before ended", async () => {
  asked.mockResolvedValueOnce({ position: 7, frames: [frameAt("!r", 6), frameAt("!r", 7)] });
  asked.mockResolvedValueOnce({ position: 9, frames: [frameAt("!r", 9)] });
  poller.follow("!r", 5);
  await rest();
  expect(sinces()).toEqual([5, 7, 9]);
  expect(asked.mock.calls[0]?.[1]).toBe("/api/v1/rooms/!r/events");
  expect(heard).toHaveLength(3);
  expect(state).toHaveBeenLastCalledWith("online", null);
});

it("waits longer after each failure, from the same place on", async () => {
  asked.mockRejectedValueOnce(ApiError.offline());
  asked.mockRejectedValueOnce(ApiError.offline());
  asked.mockResolvedValueOnce({ position: 6, frames: [] });
  asked.mockRejectedValueOnce(ApiError.offline());
  poller.follow("!r", 5);
  await rest();
  expect(state).toHaveBeenLastCalledWith("offline", Date.now() + 1000);
  await vi.advanceTimersByTimeAsync(1000);
  expect(state).toHaveBeenLastCalledWith("offline", Date.now() + 2000);
  await vi.advanceTimersByTimeAsync(2000);
  expect(sinces()).toEqual([5, 5, 5, 6]);
  // It had worked in between.
  expect(state).toHaveBeenLastCalledWith("offline", Date.now() + 1000);
});

it("gives up what is on its way when a room is left, and says nothing of it", async () => {
  poller.follow("!r", 5);
  await rest();
  poller.leave("!r");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveBeenCalledOnce();
  expect(state).not.toHaveBeenCalled();
});

it("asks once for a room that is followed anew", async () => {
  poller.follow("!r", 5);
  poller.follow("!r", 8);
  await rest();
  expect(sinces()).toEqual([5, 8]);
  expect(asked.mock.calls[0]?.[2]?.signal?.aborted).toBe(true);
  expect(asked.mock.calls[1]?.[2]?.signal?.aborted).toBe(false);
});
