// SPDX-License-Identifier: AGPL-3.0-or-later
// What stands beside the conversation: a thread, or something looked up in it.
import { X } from "lucide-react";
import { type ReactNode, Suspense, lazy, useEffect, useRef } from "react";

import { ThreadPanel } from "@/features/conversation/components/ThreadPanel";
import { useHere } from "@/features/conversation/hooks";
import { strings } from "@/features/conversation/strings";
import { Button } from "@/ui/Button";
import { SkeletonRows } from "@/ui/States";

export type PanelName = "search" | "pins" | "threads" | "members";

const looking = () => import("@/features/conversation/components/panels");
const PARTS = {
  search: lazy(async () => ({ default: (await looking()).SearchPanel })),
  pins: lazy(async () => ({ default: (await looking()).PinsPanel })),
  threads: lazy(async () => ({ default: (await looking()).ThreadsPanel })),
  members: lazy(async () => ({ default: (await looking()).MembersPanel })),
} as const;

interface Props {
  open: PanelName | { thread: string };
  onClose: () => void;
}

export function Panel({ open, onClose }: Props) {
  if (typeof open !== "string") {
    return (
      <PanelFrame key={open.thread} title={strings.threadTitle} onClose={onClose}>
        <ThreadPanel root={open.thread} />
      </PanelFrame>
    );
  }
  const Part = PARTS[open];
  return (
    <PanelFrame key={open} title={strings[open]} onClose={onClose}>
      <Suspense fallback={<div className="p-3"><SkeletonRows count={4} label={strings.fetching} /></div>}>
        <Part />
      </Suspense>
    </PanelFrame>
  );
}

/** Its frame: title, a way out, Escape. Gives the focus back where it was. */
function PanelFrame({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const { name } = useHere();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <aside
      aria-label={`${title}: ${name}`}
      className="room-panel"
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) onClose();
      }}
    >
      <div className="room-head min-h-12! py-1!">
        <h2 ref={heading} tabIndex={-1} className="me-auto truncate text-base font-bold outline-none">
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
