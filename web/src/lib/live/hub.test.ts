// SPDX-License-Identifier: AGPL-3.0-or-later
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import type { Carrier, Outlet } from "@/lib/live/carrier";
import type { Command, Frame } from "@/lib/live/frames";
import { Hub } from "@/lib/live/hub";
import { useLive } from "@/lib/live/state";
import { FakeChannel, FakeLocks, frameAt } from "@/lib/live/testing";

/** The side of the connection, of which there may be one. */
class FakeCarrier {
  readonly wants: [string, string, number | null][] = [];
  readonly unwants: [string, string | undefined][] = [];
  readonly sent: { command: Command; id: string | null }[] = [];
  readonly outlet: Outlet;
  up = true;
  running = false;
  constructor(outlet: Outlet) {
    this.outlet = outlet;
  }
  start = () => void (this.running = true);
  stop = () => void (this.running = false);
  now = vi.fn<() => void>();
  want = (tab: string, room: string, position: number | null) => void this.wants.push([tab, room, position]);
  unwant = (tab: string, room?: string) => void this.unwants.push([tab, room]);
  send = (command: Command, id: string | null): boolean => {
    this.sent.push({ command, id });
    return this.up;
  };
}

let carriers: FakeCarrier[];
let tabs: Hub[];

const rest = () => vi.advanceTimersByTimeAsync(0);
const newest = (): FakeCarrier => carriers.at(-1) as FakeCarrier;

/** A tab of the browser, started. */
async function opened(): Promise<Hub> {
  const hub = new Hub((outlet) => {
    carriers.push(new FakeCarrier(outlet));
    return newest() as unknown as Carrier;
  });
  tabs.push(hub);
  hub.start();
  await rest();
  return hub;
}

beforeEach(() => {
  vi.useFakeTimers();
  carriers = [];
  tabs = [];
  const locks = new FakeLocks();
  Object.defineProperty(navigator, "locks", { value: locks, configurable: true });
  vi.stubGlobal("BroadcastChannel", FakeChannel);
  useLive.setState({ state: "connecting", retryAt: null, once: false });
});

afterEach(() => {
  for (const one of tabs) one.stop();
  FakeChannel.all.clear();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it("opens one connection for all tabs", async () => {
  const [one, two] = [await opened(), await opened()];
  expect(carriers).toHaveLength(1);
  one.watch("!a", 3, () => undefined);
  two.watch("!b", 5, () => undefined);
  await rest();
  expect(newest().wants.map(([, room, position]) => [room, position])).toEqual([["!a", 3], ["!b", 5]]);
  // Each under the name of its own tab.
  expect(newest().wants[0]?.[0]).not.toBe(newest().wants[1]?.[0]);
});

it("lets every tab hear what comes, in order", async () => {
  const [one, two] = [await opened(), await opened()];
  const heard: number[][] = [[], []];
  for (const [at, hub] of [one, two].entries()) {
    hub.watch("!a", 0, (frame) => heard[at]?.push((frame as { position: number }).position));
  }
  await rest();
  for (const position of [1, 2, 3]) newest().outlet.frame(frameAt("!a", position));
  newest().outlet.frame(frameAt("!b", 9));
  await rest();
  expect(heard).toEqual([[1, 2, 3], [1, 2, 3]]);
});

it("lets another tab take over when the one with the connection goes, from where it was", async () => {
  const [one, two] = [await opened(), await opened()];
  const heard = vi.fn<(frame: Frame) => void>();
  two.watch("!a", 3, heard);
  await rest();
  newest().outlet.frame(frameAt("!a", 4));
  await rest();
  one.stop();
  await rest();
  expect(carriers).toHaveLength(2);
  expect(carriers[0]?.running).toBe(false);
  expect(newest().running).toBe(true);
  expect(newest().wants.map(([, room, position]) => [room, position])).toEqual([["!a", 4]]);
  newest().outlet.frame(frameAt("!a", 5));
  expect(heard).toHaveBeenCalledTimes(2);
});

it("lets a third tab say its wants to the new holder", async () => {
  const [one, , three] = [await opened(), await opened(), await opened()];
  three.watch("!c", 7, () => undefined);
  await rest();
  one.stop();
  await rest();
  expect(carriers).toHaveLength(2);
  expect(newest().wants.map(([, room, position]) => [room, position])).toEqual([["!c", 7]]);
});

it("tells the holder what a tab no longer wants", async () => {
  await opened();
  const two = await opened();
  const leave = two.watch("!a", 3, () => undefined);
  const other = two.watch("!a", 3, () => undefined);
  leave();
  await rest();
  expect(newest().unwants).toEqual([]);
  other();
  await rest();
  expect(newest().unwants.map(([, room]) => room)).toEqual(["!a"]);
  dispatchEvent(new Event("pagehide"));
  await rest();
  expect(newest().unwants.some(([, room]) => room === undefined)).toBe(true);
});

it("tells a tab that comes later how the connection stands", async () => {
  await opened();
  newest().outlet.state("offline", 5000);
  useLive.setState({ state: "connecting", retryAt: null });
  await opened();
  expect(useLive.getState()).toMatchObject({ state: "offline", retryAt: 5000 });
});

it("gives an answer to the tab that asked", async () => {
  const [one, two] = [await opened(), await opened()];
  const mine = one.ask({ type: "ping" });
  const theirs = two.ask({ type: "ping" });
  await rest();
  const [first, second] = newest().sent;
  newest().outlet.frame({ event: "done", re: second?.id } as Frame);
  newest().outlet.frame({ event: "error", code: "slow_mode", message: "Wait.", details: { retryAfterMs: 900 }, re: first?.id ?? null });
  await expect(theirs).resolves.toMatchObject({ event: "done" });
  await expect(mine).rejects.toMatchObject({ code: "slow_mode", status: 429, retryAfterMs: 900 });
});

it("says offline when a command cannot go out, or nobody answers", async () => {
  const one = await opened();
  newest().up = false;
  await expect(one.ask({ type: "ping" })).rejects.toMatchObject({ status: 0 });
  newest().up = true;
  const lost = one.ask({ type: "ping" });
  const [answer] = await Promise.all([lost.catch((error: unknown) => error), vi.advanceTimersByTimeAsync(10_000)]);
  expect(answer).toMatchObject({ status: 0 });
});

it("has a connection of its own where the browser knows no locks", async () => {
  Object.defineProperty(navigator, "locks", { value: undefined, configurable: true });
  await opened();
  await opened();
  expect(carriers).toHaveLength(2);
});
