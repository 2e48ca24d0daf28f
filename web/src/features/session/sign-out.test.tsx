// SPDX-License-Identifier: AGPL-3.0-or-later
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { useSignOut } from "@/features/session/api";
import { call, endCalls, setCsrfToken } from "@/lib/api";
import { live } from "@/lib/live/hub";

const asked = vi.fn<typeof fetch>();
/** What was done, in order. */
let done: string[];
let answer: (response: Response) => void;
let client: QueryClient;

beforeEach(() => {
  done = [];
  client = new QueryClient();
  vi.stubGlobal("fetch", asked);
  asked.mockReset().mockImplementation((path) => {
    done.push(String(path));
    return new Promise((resolve) => (answer = resolve));
  });
  vi.spyOn(live, "start").mockImplementation(() => void done.push("start"));
  vi.spyOn(live, "stop").mockImplementation(() => void done.push("stop"));
  vi.spyOn(location, "assign").mockImplementation((place) => void done.push(String(place)));
  setCsrfToken("token");
});

afterEach(() => {
  endCalls(false);
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function Wrapper({ children }: { children: ReactNode }) {
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

/** Press "Sign out"; its request is on its way. */
async function signOut(): Promise<void> {
  const { result } = renderHook(useSignOut, { wrapper: Wrapper });
  act(() => result.current.mutate());
  await vi.waitFor(() => expect(done).toContain("/api/auth/logout"));
}

it("closes the connection before the server does, and asks for nothing more", async () => {
  await signOut();
  expect(done).toEqual(["stop", "/api/auth/logout"]);
  void call("GET", "/api/me/friends");
  answer(new Response(null, { status: 204 }));
  await vi.waitFor(() => expect(done).toContain("/sign-in"));
  expect(done).toEqual(["stop", "/api/auth/logout", "/sign-in"]);
});

it("goes on as before when the server refuses", async () => {
  await signOut();
  answer(new Response("{}", { status: 500 }));
  await vi.waitFor(() => expect(done).toContain("start"));
  void call("GET", "/api/me/friends");
  expect(done).toEqual(["stop", "/api/auth/logout", "start", "/api/me/friends"]);
});
