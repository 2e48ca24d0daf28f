// SPDX-License-Identifier: AGPL-3.0-or-later
import { type QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { receiptsQuery } from "@/features/conversation/api";
import { useReceiptFrames } from "@/features/conversation/readers";
import { call } from "@/lib/api";
import type { Frame } from "@/lib/live/frames";
import { live } from "@/lib/live/hub";
import { makeClient } from "@/lib/query";

vi.mock("@/lib/api", () => ({ call: vi.fn<typeof call>() }));
const asked = vi.mocked(call);

const ROOM = "!room:kith.test";
const read = { event: "receipt", roomId: ROOM, userId: "@bob:kith.test", eventId: "$new", ts: 2, threadId: null };
const by = (eventId: string) => ({ items: [{ userId: read.userId, displayName: "Bob", avatarUrl: null, eventId, ts: 1 }] });

let hear: (frame: Frame) => void;
let answers: ((said: unknown) => void)[];
let client: QueryClient;

beforeEach(() => {
  answers = [];
  client = makeClient(() => {});
  asked.mockImplementation(() => new Promise((resolve) => answers.push(resolve)));
  vi.spyOn(live, "listen").mockImplementation((listener) => {
    hear = listener;
    return () => {};
  });
});

afterEach(() => vi.restoreAllMocks());

function Wrapper({ children }: { children: ReactNode }) {
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

const drawn = () =>
  renderHook(
    () => {
      useReceiptFrames(ROOM);
      return useQuery(receiptsQuery(ROOM)).data?.items.map(({ eventId }) => eventId);
    },
    { wrapper: Wrapper },
  ).result;

/** The server answers the next reading that nobody has answered. */
const says = (at: number, eventId: string) => act(async () => answers[at]?.(by(eventId)));

it("takes what a frame says of who has read", async () => {
  const shown = drawn();
  await says(0, "$old");
  act(() => hear(read as Frame));
  await vi.waitFor(() => expect(shown.current).toEqual(["$new"]));
  expect(asked).toHaveBeenCalledOnce();
});

it("reads once more what was on its way when the frame came", async () => {
  const shown = drawn();
  act(() => hear(read as Frame));
  await says(0, "$old");
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  await says(1, "$new");
  await vi.waitFor(() => expect(shown.current).toEqual(["$new"]));
});
