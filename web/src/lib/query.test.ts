// SPDX-License-Identifier: AGPL-3.0-or-later
import { type QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { ApiError } from "@/lib/api-error";
import { makeClient } from "@/lib/query";

const KEY = ["people", "requests"];
const gone = new ApiError("not_found", 404, "There is nothing here.");

let client: QueryClient;
let stop: () => void;
let observer: QueryObserver<string>;
let readings: { resolve: (answer: string) => void; reject: (error: Error) => void }[];

/** The reading that began as number `at` says something, and everybody has heard it. */
async function says(at: number, answer: string | Error): Promise<void> {
  if (answer instanceof Error) readings[at]?.reject(answer);
  else readings[at]?.resolve(answer);
  await vi.advanceTimersByTimeAsync(0);
}

beforeEach(() => {
  vi.useFakeTimers();
  readings = [];
  client = makeClient(() => {});
  observer = new QueryObserver<string>(client, {
    queryKey: KEY,
    queryFn: ({ signal }) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
        readings.push({ resolve, reject });
      }),
  });
  stop = observer.subscribe(() => {});
});

afterEach(() => {
  stop();
  client.clear();
  vi.useRealTimers();
});

it("reads once more what changed during its first reading", async () => {
  const done = vi.fn<() => void>();
  void client.invalidateQueries({ queryKey: ["people"] }).then(done);
  await says(0, "nothing");
  // What is known already is shown meanwhile.
  expect(observer.getCurrentResult().data).toBe("nothing");
  expect(readings).toHaveLength(2);
  expect(done).not.toHaveBeenCalled();
  await says(1, "a request");
  expect(observer.getCurrentResult().data).toBe("a request");
  expect(done).toHaveBeenCalledOnce();
  expect(readings).toHaveLength(2);
});

it("reads it once more however often it changed", async () => {
  for (let time = 0; time < 5; time += 1) void client.invalidateQueries({ queryKey: time % 2 ? KEY : ["people"] });
  await says(0, "nothing");
  await says(1, "five requests");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(readings).toHaveLength(2);
  expect(observer.getCurrentResult()).toMatchObject({ data: "five requests", fetchStatus: "idle" });
});

it("leaves a first reading alone during which nothing changed", async () => {
  void client.invalidateQueries({ queryKey: ["rooms"] });
  await says(0, "nothing");
  expect(readings).toHaveLength(1);
});

it("begins a later reading anew, as the library does", async () => {
  await says(0, "nothing");
  void client.invalidateQueries({ queryKey: KEY });
  void client.invalidateQueries({ queryKey: KEY });
  await says(2, "a request");
  expect(readings).toHaveLength(3);
  expect(observer.getCurrentResult().data).toBe("a request");
});

it("looks again for what was not there while it came to be", async () => {
  void client.invalidateQueries({ queryKey: KEY });
  await says(0, gone);
  await says(1, "here now");
  expect(observer.getCurrentResult().data).toBe("here now");
});

it("ends when it is not there the second time either", async () => {
  void client.invalidateQueries({ queryKey: KEY });
  await says(0, gone);
  await says(1, gone);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(readings).toHaveLength(2);
  expect(observer.getCurrentResult().error).toBe(gone);
});

it("leaves alone what failed otherwise", async () => {
  void client.invalidateQueries({ queryKey: KEY });
  await says(0, new ApiError("unauthenticated", 401, "Sign in."));
  expect(readings).toHaveLength(1);
});

it("reads nothing again that was cancelled, or that nobody looks at any more", async () => {
  const done = vi.fn<() => void>();
  void client.invalidateQueries({ queryKey: KEY }).then(done);
  await client.cancelQueries();
  await vi.advanceTimersByTimeAsync(0);
  expect(readings).toHaveLength(1);
  expect(done).toHaveBeenCalledOnce();

  void observer.refetch();
  void client.invalidateQueries({ queryKey: KEY });
  stop();
  await vi.advanceTimersByTimeAsync(0);
  expect(readings).toHaveLength(2);
});

it("reads nothing of whoever was signed in before", async () => {
  void client.invalidateQueries({ queryKey: KEY });
  client.clear();
  await says(0, "theirs");
  expect(readings).toHaveLength(1);
});
