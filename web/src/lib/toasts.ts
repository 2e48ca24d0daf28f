// SPDX-License-Identifier: AGPL-3.0-or-later
// Short words about what has just been done, perhaps with a way back. Knows nothing of React.
import { create } from "zustand";

export interface Toast {
  id: number;
  text: string;
  tone: "good" | "bad";
  /** A way back, or onwards. */
  action?: { label: string; run: () => void };
  /** Called once when it goes away without the action having been taken. */
  settle?: () => void;
}

export const useToasts = create<{ list: readonly Toast[] }>(() => ({ list: [] }));

/** How long a toast stays, in milliseconds; it waits while it is pointed at. */
export const STAYS = 7000;
const MOST = 3;
let last = 0;

export function toast(text: string, more: Partial<Omit<Toast, "id" | "text">> = {}): number {
  last += 1;
  const next = { tone: "good" as const, ...more, id: last, text };
  const { list } = useToasts.getState();
  for (const old of list.slice(0, Math.max(0, list.length - MOST + 1))) dismiss(old.id);
  useToasts.setState((state) => ({ list: [...state.list, next] }));
  return last;
}

/** Take one away; what it stood for is then settled. */
export function dismiss(id: number): void {
  const found = take(id);
  found?.settle?.();
}

/** Take the offered way. */
export function act(id: number): void {
  const found = take(id);
  found?.action?.run();
}

/** Settle everything at once, when the page is left. */
export function settleAll(): void {
  for (const one of useToasts.getState().list) dismiss(one.id);
}

function take(id: number): Toast | undefined {
  const { list } = useToasts.getState();
  const found = list.find((one) => one.id === id);
  if (found) useToasts.setState({ list: list.filter((one) => one.id !== id) });
  return found;
}
