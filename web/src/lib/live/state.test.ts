// SPDX-License-Identifier: AGPL-3.0-or-later
import { beforeEach, expect, it, vi } from "vitest";

import { setLink, useLive } from "@/lib/live/state";

beforeEach(() => useLive.setState({ state: "connecting", retryAt: null, once: false }));

it("remembers that there has been a connection", () => {
  setLink("offline", 5);
  expect(useLive.getState()).toEqual({ state: "offline", retryAt: 5, once: false });
  setLink("online");
  setLink("offline", 9);
  expect(useLive.getState()).toEqual({ state: "offline", retryAt: 9, once: true });
});

it("tells nobody what stays as it was", () => {
  const told = vi.fn<() => void>();
  setLink("offline", 5);
  const stop = useLive.subscribe(told);
  setLink("offline", 5);
  expect(told).not.toHaveBeenCalled();
  setLink("offline", 6);
  setLink("online");
  setLink("online");
  expect(told).toHaveBeenCalledTimes(2);
  stop();
});
