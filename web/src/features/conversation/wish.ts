// SPDX-License-Identifier: AGPL-3.0-or-later
// What the address asks for: an event to go to, a thread that is open. Back closes it again.
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";

interface Wish {
  event: string | undefined;
  thread: string | null;
  openThread: (root: string | null) => void;
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value.startsWith("$") ? value : undefined;

export function useWish(): Wish {
  const search: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const event = text(search.event);
  const thread = text(search.thread) ?? null;
  const openThread = useCallback(
    (root: string | null) => {
      void navigate({
        to: ".",
        // The view is mounted at several addresses; each of them takes these two.
        search: ((old: Record<string, unknown>) => ({ ...old, thread: root ?? undefined })) as never,
        replace: root === null,
        resetScroll: false,
      });
    },
    [navigate],
  );
  return useMemo(() => ({ event, thread, openThread }), [event, thread, openThread]);
}
