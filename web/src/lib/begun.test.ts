// SPDX-License-Identifier: AGPL-3.0-or-later
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { call } from "@/lib/api";
import { answersToo, begun, forgetBegun } from "@/lib/begun";

const PATH = "/api/v1/rooms/general";
const asked = vi.fn<typeof fetch>();
const said = (body: object): Response => new Response(JSON.stringify(body));

beforeEach(() => {
  asked.mockReset().mockImplementation(async () => said({ room_id: "asked" }));
  vi.stubGlobal("fetch", asked);
  const answer = Promise.resolve(said({ room_id: "begun" }));
  globalThis.kithBegun = new Map([[PATH, { at: performance.now(), answer }]]);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  globalThis.kithBegun = undefined;
});

it("is taken once, in place of asking", async () => {
  expect(await call("GET", PATH)).toEqual({ roomId: "begun" });
  expect(asked).not.toHaveBeenCalled();
  expect(await call("GET", PATH)).toEqual({ roomId: "asked" });
});

it("is no answer to another address, nor to a change", async () => {
  expect(await call("GET", `${PATH}/pins`)).toEqual({ roomId: "asked" });
  expect(await call("PUT", PATH, { body: {} })).toEqual({ roomId: "asked" });
});

it("is too old after ten seconds", async () => {
  const now = performance.now();
  vi.spyOn(performance, "now").mockReturnValue(now + 10_001);
  expect(await call("GET", PATH)).toEqual({ roomId: "asked" });
});

it("is forgotten when somebody else comes", () => {
  forgetBegun();
  expect(begun(PATH)).toBeUndefined();
});

it("may be known under another name by then", () => {
  answersToo("/never/asked", "/other");
  answersToo(PATH, PATH);
  answersToo(PATH, "/other");
  expect(begun(PATH)).toBeUndefined();
  expect(begun("/other")).toBeInstanceOf(Promise);
});

it("is nothing where nothing was asked ahead", () => {
  globalThis.kithBegun = undefined;
  answersToo(PATH, "/other");
  forgetBegun();
  expect(begun(PATH)).toBeUndefined();
});
