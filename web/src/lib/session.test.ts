// SPDX-License-Identifier: AGPL-3.0-or-later
import type { QueryClient } from "@tanstack/react-query";
import { beforeEach, expect, it, vi } from "vitest";

import { call } from "@/lib/api";
import { ApiError } from "@/lib/api-error";
import { makeClient } from "@/lib/query";
import { beginSession, endSession, noSession, onSessionEnd, sessionQuery } from "@/lib/session";
import type { Session } from "@/lib/types";

vi.mock("@/lib/api", () => ({
  call: vi.fn<typeof call>(),
  setCsrfToken: vi.fn<() => void>(),
}));

const refused = new ApiError("unauthenticated", 401, "Sign in first.");
const session: Session = {
  user: { userId: "@ada:kith.test", displayName: "Ada", avatarUrl: null, local: true, staff: null },
  csrfToken: "t",
  expiresAt: null,
  sessionToken: null,
};
const rooms = { queryKey: ["rooms"], queryFn: () => call("GET", "/api/v1/rooms"), retry: false };

let client: QueryClient;
const leave = vi.fn<() => void>();

beforeEach(() => {
  vi.mocked(call).mockReset().mockRejectedValue(refused);
  leave.mockReset();
  client = makeClient(() => noSession(client));
  onSessionEnd(client, leave);
});

it("leaves when the session's own answer is the first to say that nobody is signed in", async () => {
  // An erased account stood before its last page for ever: the session was read anew, was nobody's,
  // and the refusals that came after it were taken for a stranger's.
  beginSession(client, session);
  await client.fetchQuery({ ...sessionQuery, staleTime: 0 });
  expect(leave).toHaveBeenCalledTimes(1);
  await expect(client.fetchQuery(rooms)).rejects.toThrow(refused);
  expect(leave).toHaveBeenCalledTimes(1);
});

it("leaves when another answer is the first to say it", async () => {
  beginSession(client, session);
  await expect(client.fetchQuery(rooms)).rejects.toThrow(refused);
  expect(leave).toHaveBeenCalledTimes(1);
  await client.fetchQuery({ ...sessionQuery, staleTime: 0 });
  endSession(client);
  expect(leave).toHaveBeenCalledTimes(1);
});

it("leaves no page of somebody who was not signed in", async () => {
  await client.fetchQuery(sessionQuery);
  await expect(client.fetchQuery(rooms)).rejects.toThrow(refused);
  expect(leave).not.toHaveBeenCalled();
});

it("leaves again after the next sign-in", () => {
  beginSession(client, session);
  noSession(client);
  endSession(client);
  beginSession(client, session);
  expect(leave).toHaveBeenCalledTimes(1);
  noSession(client);
  expect(leave).toHaveBeenCalledTimes(2);
});
