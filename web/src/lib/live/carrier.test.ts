// SPDX-License-Identifier: AGPL-3.0-or-later
import { type Mock, afterEach, beforeEach, expect, it, vi } from "vitest";

import { call } from "@/lib/api";
import { Carrier } from "@/lib/live/carrier";
import type { Command, Frame } from "@/lib/live/frames";
import type { Ears, Socket } from "@/lib/live/socket";
import { frameAt } from "@/lib/live/testing";

vi.mock("@/lib/api", () => ({ call: vi.fn<typeof call>() }));
const asked = vi.mocked(call);

type Told = (state: string, retryAt: number | null) => void;

let ears: Ears;
let sent: Command[];
let up: boolean;
let heard: Frame[];
let state: Mock<Told>;
let carrier: Carrier;
let answers: Record<string, unknown[]>;

const joined = (room: string) =>
  ({ ...frameAt(room, 9), event: "member:changed", userId: "@me:a", membership: "join" }) as Frame;
const rest = () => vi.advanceTimersByTimeAsync(0);

function connect(): void {
  up = true;
  ears.state("online", null);
  ears.frame({ event: "ready", userId: "@me:a" } as Frame);
}

function lose(): void {
  up = false;
  ears.state("offline", 1);
  sent.length = 0;
}

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  heard = [];
  answers = {};
  up = false;
  state = vi.fn<Told>();
  asked.mockReset().mockImplementation(
    (_method, path, options) =>
      new Promise((resolve, reject) => {
        const known = answers[path]?.shift();
        if (known) resolve(known);
        options?.signal?.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
      }),
  );
  carrier = new Carrier({ frame: (frame) => heard.push(frame), state }, (given) => {
    ears = given;
    const socket = {
      start: () => undefined,
      stop: () => undefined,
      now: () => undefined,
      send: (command: Command) => {
        if (up) sent.push(command);
        return up;
      },
    };
    return socket as unknown as Socket;
  });
  carrier.start();
});

afterEach(() => {
  carrier.stop();
  vi.useRealTimers();
});

it("asks for every wanted room once it is connected, and for what is unread", () => {
  carrier.want("tab", "!a", 5);
  carrier.want("tab", "!b", null);
  expect(sent).toEqual([]);
  connect();
  expect(sent).toEqual([
    { type: "subscribe", room: "!a", resumeFrom: 5 },
    { type: "subscribe", room: "!b" },
    { type: "unread" },
  ]);
});

it("goes on after a loss from the last position heard", () => {
  carrier.want("tab", "!a", 5);
  connect();
  ears.frame(frameAt("!a", 6));
  ears.frame(frameAt("!a", 8));
  lose();
  connect();
  expect(sent[0]).toEqual({ type: "subscribe", room: "!a", resumeFrom: 8 });
  ears.frame({ event: "resync", roomId: "!a", position: 40 } as Frame);
  lose();
  connect();
  expect(sent[0]).toEqual({ type: "subscribe", room: "!a", resumeFrom: 40 });
});

it("asks from where the tab is that comes late, without losing the others' place", () => {
  carrier.want("one", "!a", 5);
  connect();
  ears.frame(frameAt("!a", 9));
  carrier.want("two", "!a", 7);
  expect(sent.at(-1)).toEqual({ type: "subscribe", room: "!a", resumeFrom: 7 });
  lose();
  connect();
  expect(sent[0]).toEqual({ type: "subscribe", room: "!a", resumeFrom: 9 });
});

it("lets a room go with the last tab that wants it", () => {
  connect();
  carrier.want("one", "!a", 5);
  carrier.want("two", "!a", 5);
  carrier.want("two", "!b", 1);
  sent.length = 0;
  carrier.unwant("one", "!a");
  expect(sent).toEqual([]);
  carrier.unwant("two");
  expect(sent).toEqual([
    { type: "unsubscribe", room: "!a" },
    { type: "unsubscribe", room: "!b" },
  ]);
});

const refuse = (code: string, room: string) =>
  ears.frame({ event: "error", code, message: "", details: {}, re: `sub:${room}` });

it("asks again for a room that was refused for a while, and once for one that is not theirs", async () => {
  carrier.want("tab", "!a", 5);
  carrier.want("tab", "!b", 5);
  connect();
  for (const [again, room] of [[1, "!b"], [0, ""]] as const) {
    sent.length = 0;
    refuse("too_many_requests", "!a");
    refuse("not_found", "!b");
    // oxlint-disable-next-line no-await-in-loop
    await vi.advanceTimersByTimeAsync(10_000);
    const others = again ? [{ type: "subscribe", room, resumeFrom: 5 }] : [];
    expect(sent).toEqual([{ type: "subscribe", room: "!a", resumeFrom: 5 }, ...others]);
  }
});

it("asks for a refused room as soon as one has come in", () => {
  carrier.want("tab", "!a", 5);
  connect();
  sent.length = 0;
  ears.frame(joined("!a"));
  expect(sent).toEqual([]);
  refuse("not_found", "!a");
  ears.frame(joined("!a"));
  // Not from the word of it on: what was said before that word came is still to be heard.
  expect(sent).toEqual([{ type: "subscribe", room: "!a", resumeFrom: 5 }]);
});

it("asks again for a room that has ended once one is back, and for one that it left itself not", () => {
  carrier.want("tab", "!a", 5);
  connect();
  sent.length = 0;
  ears.frame({ event: "unsubscribed", roomId: "!a", re: null } as Frame);
  ears.frame(joined("!a"));
  expect(sent).toEqual([{ type: "subscribe", room: "!a", resumeFrom: 5 }]);
  carrier.unwant("tab", "!a");
  carrier.want("tab", "!a", 5);
  ears.frame({ event: "unsubscribed", roomId: "!a", re: null } as Frame);
  ears.frame({ event: "subscribed", roomId: "!a", position: 5 } as Frame);
  sent.length = 0;
  ears.frame(joined("!a"));
  expect(sent).toEqual([]);
});

const counted = (room: string, position: number | null) =>
  ears.frame({ event: "unread:changed", roomId: room, position } as Frame);

it("asks for what the counts tell of and the room never says", async () => {
  carrier.want("tab", "!a", 5);
  carrier.want("tab", "!b", 5);
  connect();
  sent.length = 0;
  counted("!a", 6);
  counted("!b", 6);
  counted("!elsewhere", 6);
  ears.frame(frameAt("!b", 6));
  await vi.advanceTimersByTimeAsync(4_999);
  expect(sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent).toEqual([{ type: "subscribe", room: "!a", resumeFrom: 5 }]);
  // What has no frame is not asked for for ever.
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toHaveLength(1);
  // After a loss all is asked for anyway.
  counted("!a", 7);
  lose();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(sent).toEqual([]);
  connect();
  sent.length = 0;
  const rooms = [{ roomId: "!a", position: null }, { roomId: "!b", position: 8 }];
  ears.frame({ event: "unread:snapshot", rooms } as unknown as Frame);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(sent).toEqual([{ type: "subscribe", room: "!b", resumeFrom: 6 }]);
});

it("polls where sockets are blocked, from the same place, until one gets through", async () => {
  carrier.want("tab", "!a", 5);
  connect();
  ears.frame(frameAt("!a", 6));
  lose();
  answers["/api/v1/rooms/!a/events"] = [{ position: 7, frames: [frameAt("!a", 7)] }];
  // Brought into a room meanwhile; what a room itself tells comes from there alone.
  answers["/api/v1/events"] = [{ position: 8, frames: [] }, { position: 9, frames: [joined("!a"), joined("!new")] }];
  ears.blocked();
  await rest();
  const polls = asked.mock.calls.filter(([, path]) => path !== "/api/v1/events");
  expect(polls.map(([, , options]) => options?.query?.since)).toEqual([6, 7]);
  expect(heard.slice(-2)).toEqual(expect.arrayContaining([frameAt("!a", 7), joined("!new")]));
  expect(heard).not.toContainEqual(joined("!a"));
  expect(state).toHaveBeenLastCalledWith("online", null);
  // The socket's own tries are nobody's concern meanwhile.
  ears.state("connecting", null);
  expect(state).toHaveBeenLastCalledWith("online", null);
  // A room opened meanwhile is polled too.
  carrier.want("tab", "!b", 3);
  await rest();
  expect(asked.mock.lastCall?.[2]?.query?.since).toBe(3);
  connect();
  expect(asked.mock.calls.every(([, , options]) => options?.signal?.aborted)).toBe(true);
  expect(sent.slice(0, 2)).toEqual([
    { type: "subscribe", room: "!a", resumeFrom: 7 },
    { type: "subscribe", room: "!b", resumeFrom: 3 },
  ]);
});
