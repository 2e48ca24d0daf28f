// SPDX-License-Identifier: AGPL-3.0-or-later
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { call, endCalls, onStaleToken, setCsrfToken } from "@/lib/api";

const asked = vi.fn<typeof fetch>();
const answer = (status: number, body?: unknown): Response =>
  new Response(body === undefined ? null : JSON.stringify(body), { status });

beforeEach(() => {
  asked.mockReset();
  vi.stubGlobal("fetch", asked);
  setCsrfToken("token");
});
afterEach(() => vi.unstubAllGlobals());

const sent = (index = 0) => asked.mock.calls[index] as [string, RequestInit];

describe("call", () => {
  it("sends snake_case with the token and gives back camelCase", async () => {
    asked.mockResolvedValueOnce(answer(200, { dm_policy: "none" }));
    const got = await call("PATCH", "/api/me/settings", { body: { dmPolicy: "none" } });
    expect(got).toEqual({ dmPolicy: "none" });
    const [path, options] = sent();
    expect(path).toBe("/api/me/settings");
    expect(options.body).toBe('{"dm_policy":"none"}');
    expect(options.headers).toMatchObject({ "X-CSRF-Token": "token" });
  });

  it("sends no token with a GET and leaves out what is not asked", async () => {
    asked.mockResolvedValueOnce(answer(200, {}));
    await call("GET", "/api/me/friends", { query: { cursor: undefined, limit: 5 } });
    const [path, options] = sent();
    expect(path).toBe("/api/me/friends?limit=5");
    expect(options.headers).not.toHaveProperty("X-CSRF-Token");
  });

  it("asks for nothing but who one is while somebody signs out", async () => {
    asked.mockImplementation(async () => answer(200, {}));
    const heard = vi.fn<() => void>();
    endCalls(true);
    void call("GET", "/api/me/friends").then(heard, heard);
    await call("GET", "/api/auth/session");
    endCalls(false);
    await call("GET", "/api/me");
    expect(asked.mock.calls.map(([path]) => path)).toEqual(["/api/auth/session", "/api/me"]);
    expect(heard).not.toHaveBeenCalled();
  });

  it("tells a refusal with its code, sentence and wait", async () => {
    const error = { code: "rate_limit", message: "Wait.", details: { retry_after_ms: 900 } };
    asked.mockResolvedValueOnce(answer(429, { error }));
    await expect(call("GET", "/api/me")).rejects.toMatchObject({
      code: "rate_limit",
      status: 429,
      sentence: "Wait.",
      retryAfterMs: 900,
    });
  });

  it("calls no answer offline, and a proxy's page a fault", async () => {
    asked.mockRejectedValueOnce(new TypeError("failed"));
    await expect(call("GET", "/api/me")).rejects.toMatchObject({ code: "offline", status: 0 });
    asked.mockResolvedValueOnce(new Response("<html>", { status: 502 }));
    await expect(call("GET", "/api/me")).rejects.toMatchObject({ code: "unknown", status: 502 });
  });

  it("gets a fresh token once when the old one is refused", async () => {
    const stale = { error: { code: "csrf", message: "Old.", details: {} } };
    asked.mockResolvedValueOnce(answer(403, stale)).mockResolvedValueOnce(answer(204));
    onStaleToken(() => Promise.resolve("fresh"));
    await call("POST", "/api/profile/bob/mute");
    expect(sent(1)[1].headers).toMatchObject({ "X-CSRF-Token": "fresh" });
  });
});
