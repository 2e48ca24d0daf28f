// SPDX-License-Identifier: AGPL-3.0-or-later
// What stands where content would: nothing yet, on its way, not possible, not allowed, too fast.
import { CloudOff, Hourglass, Lock, type LucideIcon, RefreshCw, TriangleAlert } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";

import { ApiError } from "@/lib/api-error";
import { wait } from "@/lib/time";
import { Button } from "@/ui/Button";
import { strings } from "@/ui/strings";

interface NoticeProps {
  icon: LucideIcon;
  title: string;
  text: string;
  children?: ReactNode;
  role?: "alert" | "status";
}

/** A quiet, centred word in place of content. */
export function Notice({ icon: Icon, title, text, children, role }: NoticeProps) {
  return (
    <div role={role} className="grid justify-items-center gap-2 px-4 py-12 text-center">
      <span className="mb-2 grid size-14 place-items-center rounded-full border border-line bg-linear-to-br from-cyan-500/20 to-pink-500/20">
        <Icon aria-hidden="true" className="size-6 text-accent" />
      </span>
      <h2 className="text-lg font-bold">{title}</h2>
      <p className="max-w-md text-quiet">{text}</p>
      {children && <div className="mt-3 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  );
}

/** Why something could not be shown, and when it is worth trying again. */
export function Failure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const known = error instanceof ApiError ? error : null;
  const again = (
    <Button onPress={onRetry}>
      <RefreshCw aria-hidden="true" className="size-4" /> {strings.again}
    </Button>
  );
  if (known?.status === 429) return <TooFast milliseconds={known.retryAfterMs} onRetry={onRetry} />;
  if (known?.status === 0) {
    return (
      <Notice icon={CloudOff} role="alert" title={strings.offline} text={known.sentence}>
        {again}
      </Notice>
    );
  }
  if (known?.status === 403) {
    return <Notice icon={Lock} title={strings.forbidden} text={known.sentence} />;
  }
  const text = known?.sentence ?? strings.failedText;
  return (
    <Notice icon={TriangleAlert} role="alert" title={strings.failed} text={text}>
      {again}
    </Notice>
  );
}

function TooFast({ milliseconds, onRetry }: { milliseconds: number | null; onRetry: () => void }) {
  const [left, setLeft] = useState(milliseconds ?? 60_000);
  useEffect(() => {
    const ticking = setInterval(() => setLeft((now) => Math.max(0, now - 1000)), 1000);
    return () => clearInterval(ticking);
  }, []);
  const text = left > 0 ? strings.tooFastWait(wait(left)) : strings.tooFastOver;
  return (
    <Notice icon={Hourglass} title={strings.tooFast} text={text}>
      <Button onPress={onRetry} isDisabled={left > 0}>
        {strings.again}
      </Button>
    </Notice>
  );
}

/** Rows in the shape of what is coming, so that nothing jumps. */
export function SkeletonRows({ count = 5, label }: { count?: number; label: string }) {
  return (
    <div role="status" className="grid content-start gap-2">
      <span className="sr-only">{label}</span>
      {Array.from({ length: count }, (_, row) => (
        <div key={row} className="glass-subtle flex h-18 items-center gap-3 px-4">
          <div className="skeleton size-10 rounded-full" />
          <div className="grid gap-2">
            <div className="skeleton h-3.5 w-40" />
            <div className="skeleton h-3 w-24" />
          </div>
        </div>
      ))}
    </div>
  );
}
