// SPDX-License-Identifier: AGPL-3.0-or-later
// worker/ahead.js knows by heart what the first sight of a page asks for; here it is compared.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInThisContext } from "node:vm";

import type { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { newestPath } from "@/features/conversation/model/newest";
import { forumsQuery } from "@/features/lounge/api";
import { conversationQuery, inboxQuery } from "@/features/messages/api";
import { call } from "@/lib/api";
import { makeClient } from "@/lib/query";
import { roomQuery, roomsQuery } from "@/lib/rooms";

const AHEAD = readFileSync(join(process.cwd(), "worker/ahead.js"), "utf8");
const ID = "0191d3f0-0000-7000-8000-000000000000";
const page = document.documentElement;
const asked = vi.fn<typeof fetch>();
const paths = () => asked.mock.calls.map(([path]) => String(path));

let client: QueryClient;
let entered = "navigate";

beforeEach(() => {
  asked.mockReset().mockImplementation(async () => new Response("{}"));
  vi.stubGlobal("fetch", asked);
  vi.spyOn(performance, "getEntriesByType").mockImplementation(() => [{ type: entered } as unknown as PerformanceEntry]);
  client = makeClient(() => undefined);
  entered = "navigate";
  page.setAttribute("data-session", "");
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  page.removeAttribute("data-session");
  page.removeAttribute("data-kept");
  globalThis.kithBegun = undefined;
});

function open(address: string): string[] {
  history.replaceState(null, "", address);
  runInThisContext(AHEAD);
  return paths();
}

it("asks for all that a forum shows first, and the app takes it", async () => {
  expect(open("/lounge/general")).toHaveLength(5);
  const reads = [
    call("GET", "/api/auth/session"),
    client.fetchQuery(roomQuery("general")),
    client.fetchInfiniteQuery(forumsQuery("active")),
    client.fetchQuery(roomsQuery),
    call("GET", newestPath("general")),
  ];
  await Promise.all(reads);
  expect(asked).toHaveBeenCalledTimes(5);
  expect(globalThis.kithBegun?.size).toBe(0);
});

it("asks for all that a conversation shows first, and the app takes it", async () => {
  expect(open(`/messages/${ID}`)).toHaveLength(6);
  const reads = [
    client.fetchQuery(conversationQuery(ID)),
    client.fetchQuery(roomQuery(ID)),
    client.fetchInfiniteQuery(inboxQuery("all", "")),
    client.fetchQuery(roomsQuery),
    call("GET", newestPath(ID)),
  ];
  await Promise.all(reads);
  expect(asked).toHaveBeenCalledTimes(6);
  expect([...(globalThis.kithBegun?.keys() ?? [])]).toEqual(["/api/auth/session"]);
});

it("encodes a name as the app does", () => {
  expect(open("/lounge/!a%3Ahs.test")).toContain(newestPath("!a:hs.test"));
});

it.each(["/lounge/general?event=%24x", "/lounge/general"])("leaves the newest messages out when others are wanted: %s", (address) => {
  if (!address.includes("?")) entered = "reload";
  expect(open(address)).toHaveLength(4);
  expect(paths().filter((path) => path.includes("/messages"))).toEqual([]);
});

it("asks only who it is on other pages, and nothing for nobody or without the server", () => {
  expect(open("/connections")).toEqual(["/api/auth/session"]);
  asked.mockClear();
  page.setAttribute("data-kept", "");
  expect(open("/lounge/general")).toEqual([]);
  page.removeAttribute("data-kept");
  page.removeAttribute("data-session");
  expect(open("/lounge/general")).toEqual([]);
});
