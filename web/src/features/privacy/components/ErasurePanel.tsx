// SPDX-License-Identifier: AGPL-3.0-or-later
import { useQuery } from "@tanstack/react-query";
import { CalendarClock, Eraser, ShieldCheck } from "lucide-react";
import { useState } from "react";

import { erasureQuery } from "@/features/privacy/api";
import { EraseDialog } from "@/features/privacy/components/EraseDialog";
import { KeepButton } from "@/features/privacy/components/KeepButton";
import { strings } from "@/features/privacy/strings";
import { useMe } from "@/lib/session";
import { day, left } from "@/lib/time";
import type { Erasure } from "@/lib/types";
import { Button } from "@/ui/Button";
import { Failure, SkeletonRows } from "@/ui/States";

/** The deletion of one's account: what it means, asking for it, calling it off. */
export function ErasurePanel() {
  const { local } = useMe();
  const query = useQuery({ ...erasureQuery, enabled: local });
  return (
    <section aria-labelledby="erase" className="glass-panel grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4 p-5">
      <h2 id="erase" className="text-lg font-bold">
        {strings.erase}
      </h2>
      {!local && <p className="text-quiet">{strings.notLocal}</p>}
      {local && query.isPending && <SkeletonRows count={1} label={strings.onTheWay} />}
      {query.isError && !query.data && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && <Standing erasure={query.data} />}
    </section>
  );
}

function Standing({ erasure }: { erasure: Erasure }) {
  const [open, setOpen] = useState(false);
  const { state, eraseAt } = erasure;
  const waiting = state === "waiting" && eraseAt;
  return (
    <>
      {state === "running" || state === "done" ? <Running erasure={erasure} /> : waiting ? (
        <Waiting at={eraseAt} onAgain={() => setOpen(true)} />
      ) : (
        <Meaning onAsk={() => setOpen(true)} />
      )}
      <EraseDialog again={Boolean(waiting)} open={open} onClose={() => setOpen(false)} />
    </>
  );
}

function Meaning({ onAsk }: { onAsk: () => void }) {
  return (
    <>
      <p className="max-w-[75ch] text-quiet">{strings.eraseText}</p>
      <div className="grid gap-4 md:grid-cols-2">
        <Points icon={Eraser} title={strings.goes} points={strings.going} />
        <Points icon={ShieldCheck} title={strings.stays} points={strings.staying} />
      </div>
      <p className="max-w-[75ch]">{strings.grace}</p>
      <div className="flex flex-wrap items-center gap-3">
        <Button look="danger" onPress={onAsk}>
          {strings.eraseAsk}
        </Button>
        <p className="text-sm text-quiet">{strings.copyFirst}</p>
      </div>
    </>
  );
}

interface PointsProps {
  icon: typeof Eraser;
  title: string;
  points: readonly string[];
}

function Points({ icon: Icon, title, points }: PointsProps) {
  return (
    <div className="glass-subtle min-w-0 p-4">
      <h3 className="mb-2 flex items-center gap-2 font-bold">
        <Icon aria-hidden="true" className="size-4.5 shrink-0 text-accent" /> {title}
      </h3>
      <ul className="grid list-disc gap-1.5 ps-5 text-sm text-quiet">
        {points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </div>
  );
}

function Waiting({ at, onAgain }: { at: string; onAgain: () => void }) {
  return (
    <div className="grid gap-3">
      <p className="flex items-start gap-2.5 text-base font-bold">
        <CalendarClock aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-bad" /> {strings.pending(day(at), left(at))}
      </p>
      <p className="max-w-[75ch] text-quiet">{strings.pendingText}</p>
      <div className="flex flex-wrap gap-2">
        <KeepButton />
        <Button onPress={onAgain}>{strings.again}</Button>
      </div>
    </div>
  );
}

function Running({ erasure: { step, done, total } }: { erasure: Pick<Erasure, "step" | "done" | "total"> }) {
  return (
    <div role="status" className="grid gap-2">
      <p className="font-bold">{strings.running}</p>
      <progress className="meter" max={total || 1} value={done} aria-label={strings.running} />
      <p className="text-sm text-quiet">
        {[strings.runningStep(Math.min(done + 1, total), total), step && strings.erasing[step]].filter(Boolean).join(": ")}
      </p>
    </div>
  );
}
