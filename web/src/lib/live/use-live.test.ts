// SPDX-License-Identifier: AGPL-3.0-or-later
import { renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import type { Frame } from "@/lib/live/frames";
import { live } from "@/lib/live/hub";
import { useUnread } from "@/lib/live/unread";
import { useFrames, useLiveConnection } from "@/lib/live/use-live";

const LEFT = 500;
const UNREAD = { type: "unread" };

let listeners: Set<(frame: Frame) => void>;
const say = (frame: object) => listeners.forEach((one) => one(frame as Frame));
const snapshot = { event: "unread:snapshot", seq: 1, rooms: [], total: { unreadRooms: 0, mentions: 0 } };

beforeEach(() => {
  vi.useFakeTimers();
  listeners = new Set();
  vi.spyOn(live, "start").mockReturnValue();
  vi.spyOn(live, "stop").mockReturnValue();
  vi.spyOn(live, "tell").mockReturnValue();
  vi.spyOn(live, "listen").mockImplementation((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it("is one connection for all who are drawn, and asks for what is unread once", () => {
  const one = renderHook(() => useLiveConnection());
  const other = renderHook(() => useLiveConnection());
  expect(live.start).toHaveBeenCalledOnce();
  expect(vi.mocked(live.tell).mock.calls).toEqual([[UNREAD]]);
  one.unmount();
  vi.advanceTimersByTime(LEFT);
  expect(live.stop).not.toHaveBeenCalled();
  other.unmount();
  vi.advanceTimersByTime(LEFT);
  expect(live.stop).toHaveBeenCalledOnce();
  expect(listeners.size).toBe(0);
});

it("stays from one page to the next, and knows nothing any more once it is left", () => {
  const page = renderHook(() => useLiveConnection());
  say(snapshot);
  page.unmount();
  vi.advanceTimersByTime(LEFT - 1);
  const next = renderHook(() => useLiveConnection());
  vi.advanceTimersByTime(LEFT);
  expect(live.stop).not.toHaveBeenCalled();
  expect(live.start).toHaveBeenCalledOnce();
  expect(useUnread.getState().known).toBe(true);
  next.unmount();
  vi.advanceTimersByTime(LEFT);
  expect(live.stop).toHaveBeenCalledOnce();
  expect(useUnread.getState().known).toBe(false);
});

it("asks for what is unread anew when a change is missing", () => {
  const page = renderHook(() => useLiveConnection());
  say(snapshot);
  vi.mocked(live.tell).mockClear();
  const room = { roomId: "!a", id: "1", unread: 1, mentions: 0, readEventId: null, muted: false };
  say({ event: "unread:changed", seq: 2, ...room, total: { unreadRooms: 1, mentions: 0 } });
  expect(live.tell).not.toHaveBeenCalled();
  say({ event: "unread:changed", seq: 4, ...room, total: { unreadRooms: 1, mentions: 0 } });
  expect(vi.mocked(live.tell).mock.calls).toEqual([[UNREAD]]);
  page.unmount();
  vi.advanceTimersByTime(LEFT);
});

it("brings frames to whoever is drawn, by the newest of its functions", () => {
  const first = vi.fn<(frame: Frame) => void>();
  const second = vi.fn<(frame: Frame) => void>();
  const page = renderHook(({ hear }) => useFrames(hear), { initialProps: { hear: first } });
  say({ event: "pong" });
  page.rerender({ hear: second });
  say({ event: "pong" });
  page.unmount();
  say({ event: "pong" });
  expect(first).toHaveBeenCalledOnce();
  expect(second).toHaveBeenCalledOnce();
});
