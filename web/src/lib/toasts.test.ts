// SPDX-License-Identifier: AGPL-3.0-or-later
import { beforeEach, describe, expect, it, vi } from "vitest";

import { act, dismiss, settleAll, toast, useToasts } from "@/lib/toasts";

beforeEach(() => useToasts.setState({ list: [] }));

describe("toasts", () => {
  it("settle once when they go, and never when the way back was taken", () => {
    const settle = vi.fn<() => void>();
    const run = vi.fn<() => void>();
    const first = toast("Put away.", { settle, action: { label: "Undo", run } });
    dismiss(first);
    dismiss(first);
    expect(settle).toHaveBeenCalledTimes(1);
    act(toast("Put away.", { settle, action: { label: "Undo", run } }));
    expect(run).toHaveBeenCalledTimes(1);
    expect(settle).toHaveBeenCalledTimes(1);
  });

  it("settle when the page is left or a fourth one comes", () => {
    const settle = vi.fn<() => void>();
    for (let count = 0; count < 4; count += 1) toast(`${count}`, { settle });
    expect(settle).toHaveBeenCalledTimes(1);
    settleAll();
    expect(settle).toHaveBeenCalledTimes(4);
  });
});
