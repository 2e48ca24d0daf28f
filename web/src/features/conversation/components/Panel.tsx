// SPDX-License-Identifier: AGPL-3.0-or-later
// What stands beside the conversation: a thread, or something looked up in it.
import { X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";

import { useHere } from "@/features/conversation/hooks";
import { strings } from "@/features/conversation/strings";
import { Button } from "@/ui/Button";

export type PanelName = "search" | "pins" | "threads" | "members";

interface Props {
  open: PanelName | { thread: string };
  onClose: () => void;
}

export function Panel({ open, onClose }: Props) {
  const title = typeof open === "string" ? strings[open] : strings.threadTitle;
  return (
    <PanelFrame title={title} onClose={onClose}>
      {null}
    </PanelFrame>
  );
}

/** Its frame: title, a way out, Escape. Gives the focus back where it was. */
function PanelFrame({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const { name } = useHere();
  const frame = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    frame.current?.querySelector<HTMLElement>("h2")?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <aside
      ref={frame}
      aria-label={`${title}: ${name}`}
      className="room-panel"
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) onClose();
      }}
    >
      <div className="flex items-center gap-2 border-b border-line py-2 pr-2 pl-4">
        <h2 tabIndex={-1} className="mr-auto truncate text-base font-bold outline-none">
          {title}
        </h2>
        <Button look="ghost" aria-label={strings.closePanel} onPress={onClose}>
          <X className="size-5" />
        </Button>
      </div>
      {children}
    </aside>
  );
}
