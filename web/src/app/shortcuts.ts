// SPDX-License-Identifier: AGPL-3.0-or-later
// The keys of the shell, their list for the sheet, and who listens.
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";

import { useOverlays } from "@/app/overlays";
import { strings } from "@/app/strings";
import { useAdding } from "@/features/connections/adding";
import { useLook } from "@/lib/look";

export const SHORTCUTS: readonly { keys: readonly string[]; does: keyof typeof strings.keys; letter: boolean }[] = [
  { keys: ["Ctrl", "K"], does: "find", letter: false },
  { keys: ["F6"], does: "next", letter: false },
  { keys: ["Esc"], does: "close", letter: false },
  { keys: ["?"], does: "list", letter: true },
  { keys: ["N"], does: "add", letter: true },
  { keys: ["G", "L"], does: "lounge", letter: true },
  { keys: ["G", "M"], does: "messages", letter: true },
  { keys: ["G", "C"], does: "connections", letter: true },
  { keys: ["G", "R"], does: "requests", letter: true },
  { keys: ["G", "S"], does: "settings", letter: true },
];

const PLACES = {
  l: "/lounge",
  m: "/messages",
  c: "/connections",
  r: "/connections/incoming",
  s: "/settings/privacy",
} as const;
/** Milliseconds between G and the next letter. */
const PATIENCE = 1500;

const writes = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");

const FOCUSABLE = "a[href], button, input, textarea, [tabindex='0']";

// The way back that only small screens have cannot take the focus on a wide one.
const firstIn = (part: HTMLElement): HTMLElement | undefined =>
  [...part.querySelectorAll<HTMLElement>(FOCUSABLE)].find((one) => one.checkVisibility());

/** The next part of the page after the one that has the focus; Shift goes back. */
function goRound(step: 1 | -1): void {
  const all = [...document.querySelectorAll<HTMLElement>("aside, nav, header, main, [data-part], .room-panel")];
  const seen = all.filter((one) => one.checkVisibility() && firstIn(one));
  // Of parts within one another the innermost counts.
  const holding = seen.filter((one) => one.contains(document.activeElement));
  const at = seen.indexOf(holding.at(-1) as HTMLElement);
  const next = seen[(at + step + seen.length) % seen.length];
  (next?.matches("main") ? next : next && firstIn(next))?.focus();
}

/** Listen while the shell is there. */
export function useShortcuts(): void {
  const navigate = useNavigate();
  useEffect(() => {
    let went = 0;
    const listen = (event: KeyboardEvent) => {
      const key = event.key.toLowerCase();
      if ((event.ctrlKey || event.metaKey) && key === "k") {
        event.preventDefault();
        useOverlays.setState({ open: "switcher" });
        return;
      }
      if (event.key === "F6") {
        event.preventDefault();
        goRound(event.shiftKey ? -1 : 1);
        return;
      }
      const busy = document.querySelector("[role=dialog], [role=alertdialog], [role=menu]");
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (!plain || busy || writes(event.target) || !useLook.getState().keys) return;
      if (key === "?") useOverlays.setState({ open: "shortcuts" });
      else if (key === "g") went = event.timeStamp;
      else if (event.timeStamp - went < PATIENCE && key in PLACES) {
        void navigate({ to: PLACES[key as keyof typeof PLACES] });
        went = 0;
      } else if (key === "n") {
        event.preventDefault();
        void navigate({ to: "/connections" });
        useAdding.setState({ open: true });
      }
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, [navigate]);
}
