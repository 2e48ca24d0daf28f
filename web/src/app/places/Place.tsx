// SPDX-License-Identifier: AGPL-3.0-or-later
// A room among its like: list, room, and what there is to know about it.
import { Link } from "@tanstack/react-router";
import { ArrowLeft, Info, X } from "lucide-react";
import { type ReactNode, useEffect, useRef, useSyncExternalStore } from "react";
import { create } from "zustand";

import { strings } from "@/app/strings";
import { usePageTitle } from "@/lib/title";
import { Button } from "@/ui/Button";

const WIDE = "(min-width: 80rem)";
const MIDDLING = "(min-width: 48rem)";

/** Whether details are open: on wide screens from the start. */
const useDetails = create<{ wide: boolean; narrow: boolean }>(() => ({ wide: true, narrow: false }));

function onWidth(changed: () => void): () => void {
  const queries = [matchMedia(WIDE), matchMedia(MIDDLING)];
  for (const query of queries) query.addEventListener("change", changed);
  return () => {
    for (const query of queries) query.removeEventListener("change", changed);
  };
}
const useWide = (): boolean => useSyncExternalStore(onWidth, () => matchMedia(WIDE).matches);
/** Whether there is only one column. */
export const useOneColumn = (): boolean => useSyncExternalStore(onWidth, () => !matchMedia(MIDDLING).matches);

interface Props {
  list: ReactNode;
  /** What there is to know about the room; nothing while it is on its way. */
  details?: { title: string; content: ReactNode };
  children: ReactNode;
}

/** The columns: four on wide screens, three on middling ones, one on small ones. */
export function Place({ list, details, children }: Props) {
  const wide = useWide();
  const open = useDetails((state) => (wide ? state.wide : state.narrow)) && details !== undefined;
  const beside = wide && open;
  return (
    <div
      className={`place relative grid h-full min-h-0 grid-cols-[minmax(0,1fr)] grid-rows-[minmax(0,1fr)] gap-3 md:grid-cols-[16.5rem_minmax(0,1fr)] ${beside ? "xl:grid-cols-[16.5rem_minmax(0,1fr)_17rem]" : ""}`}
    >
      <div className="hidden min-h-0 grid-cols-[minmax(0,1fr)] md:grid">{list}</div>
      <main id="content" tabIndex={-1} className="glass-panel flex min-h-0 min-w-0 flex-col overflow-hidden max-md:rounded-none max-md:border-0">
        {children}
      </main>
      {open && details && <Details title={details.title} beside={beside} content={details.content} />}
    </div>
  );
}

function close(): void {
  useDetails.setState(matchMedia(WIDE).matches ? { wide: false } : { narrow: false });
}

function Details({ title, beside, content }: { title: string; beside: boolean; content: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (beside) return undefined;
    heading.current?.focus();
    const listen = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented) close();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, [beside]);
  const over = "absolute inset-y-0 end-0 z-20 w-full bg-raised md:w-80";
  return (
    <aside
      aria-label={title}
      className={`place-details glass-panel flex min-h-0 flex-col ${beside ? "" : over}`}
    >
      <div className="flex min-h-14 items-center justify-between gap-2 border-b border-line pe-2 ps-4">
        <h2 ref={heading} tabIndex={-1} className="truncate font-bold outline-none">
          {title}
        </h2>
        <Button look="ghost" aria-label={strings.closeDetails} onPress={close}>
          <X className="size-5" />
        </Button>
      </div>
      <div className="min-h-0 grow overflow-y-auto p-4">{content}</div>
    </aside>
  );
}

interface HeaderProps {
  title: string;
  /** A line under the name. */
  line?: ReactNode;
  picture?: ReactNode;
  back: "/lounge" | "/messages";
  backLabel: string;
}

/** The head of a room: the way back on small screens, who or what it is, the details. */
export function PlaceHeader({ title, line, picture, back, backLabel }: HeaderProps) {
  usePageTitle(title);
  const wide = useWide();
  const open = useDetails((state) => (wide ? state.wide : state.narrow));
  return (
    <div className="flex min-w-0 grow items-center gap-2.5">
      <Link to={back} aria-label={backLabel} className="btn-ghost -ms-1.5 md:hidden">
        <ArrowLeft aria-hidden="true" className="size-5 rtl:-scale-x-100" />
      </Link>
      {picture}
      <div className="min-w-0 grow">
        <h1 className="truncate text-base leading-tight font-bold"><bdi>{title}</bdi></h1>
        {line && <p className="truncate text-xs text-quiet">{line}</p>}
      </div>
      <Button
        look="ghost"
        aria-label={strings.details}
        aria-pressed={open}
        onPress={() => useDetails.setState(wide ? { wide: !open } : { narrow: !open })}
      >
        <Info className="size-5" />
      </Button>
    </div>
  );
}
