// SPDX-License-Identifier: AGPL-3.0-or-later
import { useQueryClient } from "@tanstack/react-query";
import { CloudOff } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";

import { strings } from "@/app/strings";
import { useAway } from "@/lib/kept";
import { live } from "@/lib/live/hub";
import { useLive } from "@/lib/live/state";
import { Button } from "@/ui/Button";

/** Milliseconds without a connection before it is worth a word. */
const PATIENCE = 2500;

/** Says that there is no connection, and when it is tried again; what was fetched stays. */
export function OfflineBar() {
  const network = useNetwork();
  const { state, retryAt, once } = useLive();
  const away = useAwayFromServer();
  useRefused();
  const lost = useLasting((once || away) && state !== "online");
  const seconds = useSeconds(lost && network ? retryAt : null);
  return (
    <div role="status" className="px-3 py-2 empty:hidden md:px-0 md:pt-0">
      {!network && (
        <Line text={strings.offline} />
      )}
      {network && lost && (
        <Line text={`${away ? strings.away : strings.lost} ${again(seconds)}`}>
          <Button small look="outline" onPress={() => live.now()}>
            {strings.tryNow}
          </Button>
        </Line>
      )}
    </div>
  );
}

const again = (seconds: number): string => (seconds > 0 ? strings.nextTry(seconds) : strings.connecting);

/** Whether the page began without the server; once it is back, everything is fetched anew. */
function useAwayFromServer(): boolean {
  const client = useQueryClient();
  const away = useAway((now) => now.away);
  const before = useRef(away);
  useEffect(() => {
    if (before.current && !away) void client.invalidateQueries();
    before.current = away;
  }, [away, client]);
  return away;
}

/** Whoever is let in no more learns it by the next answer, and the page is left: they need not click. */
function useRefused(): void {
  const client = useQueryClient();
  // Nothing else ends the trying.
  const refused = useLive(({ state, retryAt }) => state === "offline" && retryAt === null);
  useEffect(() => {
    if (refused) void client.invalidateQueries();
  }, [client, refused]);
}

function Line({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <div className="glass-subtle mx-auto flex max-w-4xl items-center gap-2.5 px-4 py-1.5 text-sm font-medium">
      <CloudOff aria-hidden="true" className="size-4.5 shrink-0 text-bad" />
      <p className="grow py-1">{text}</p>
      {children}
    </div>
  );
}

function useNetwork(): boolean {
  const client = useQueryClient();
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const look = () => {
      setOnline(navigator.onLine);
      if (navigator.onLine) void client.invalidateQueries();
    };
    addEventListener("online", look);
    addEventListener("offline", look);
    return () => {
      removeEventListener("online", look);
      removeEventListener("offline", look);
    };
  }, [client]);
  return online;
}

/** True once it has been true for a while: a short gap is nobody's concern. */
function useLasting(now: boolean): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    const waiting = setTimeout(() => setLasting(now), now ? PATIENCE : 0);
    return () => clearTimeout(waiting);
  }, [now]);
  return lasting && now;
}

function useSeconds(until: number | null): number {
  const left = () => (until === null ? 0 : Math.max(0, Math.ceil((until - Date.now()) / 1000)));
  const [seconds, setSeconds] = useState(left);
  useEffect(() => {
    if (until === null) return undefined;
    const count = () => setSeconds(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
    count();
    const ticking = setInterval(count, 500);
    return () => clearInterval(ticking);
  }, [until]);
  return until === null ? 0 : seconds;
}
