// SPDX-License-Identifier: AGPL-3.0-or-later
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Download, FileArchive, Trash2, TriangleAlert } from "lucide-react";

import { archivesQuery, askArchive, dropArchive, isMade } from "@/features/privacy/api";
import { strings } from "@/features/privacy/strings";
import { bytes } from "@/lib/bytes";
import { number } from "@/lib/formats";
import { handleError } from "@/lib/report";
import { day } from "@/lib/time";
import { toast } from "@/lib/toasts";
import type { Archive } from "@/lib/types";
import { Button } from "@/ui/Button";
import { Failure, SkeletonRows } from "@/ui/States";

/** Archives of everything about one: ask, watch, fetch, take away. */
export function ArchivesPanel() {
  const client = useQueryClient();
  const query = useQuery(archivesQuery);
  const all = query.data?.exports ?? [];
  const changed = () => client.invalidateQueries({ queryKey: archivesQuery.queryKey });
  const asking = useMutation({ mutationFn: askArchive, onSettled: changed });
  const dropping = useMutation({
    mutationFn: ({ id }: Archive) => dropArchive(id),
    onSuccess: (_, archive) => void toast(isMade(archive) ? strings.gaveUp : strings.removed),
    onError: (error) => void toast(handleError("archive", error), { tone: "bad" }),
    onSettled: changed,
  });
  const busy = all.some(isMade);
  return (
    <section aria-labelledby="copy" className="glass-panel grid min-w-0 gap-4 p-5">
      <div className="grid max-w-[75ch] gap-2">
        <h2 id="copy" className="text-lg font-bold">
          {strings.copy}
        </h2>
        <p className="text-quiet">{strings.copyText}</p>
        <p className="text-sm text-quiet">{strings.copyHow}</p>
      </div>
      {query.isPending && <SkeletonRows count={1} label={strings.onTheWay} />}
      {query.isError && !query.data && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {all.length > 0 && (
        <ul aria-label={strings.archives} className="grid grid-cols-[minmax(0,1fr)] gap-2">
          {all.map((archive) => (
            <li key={archive.id} className="glass-card px-4 py-3">
              <Row archive={archive} onDrop={() => dropping.mutate(archive)} />
            </li>
          ))}
        </ul>
      )}
      {query.data && (
        <div className="flex flex-wrap items-center gap-3">
          <Button look="primary" busy={asking.isPending} isDisabled={busy} onPress={() => asking.mutate()}>
            <FileArchive aria-hidden="true" className="size-4.5" /> {strings.ask}
          </Button>
          <p role="status" className="text-sm">
            {asking.error ? (
              <span className="font-medium text-bad">{handleError("archive", asking.error)}</span>
            ) : (
              busy && <span className="text-quiet">{strings.asking}</span>
            )}
          </p>
        </div>
      )}
    </section>
  );
}

interface RowProps {
  archive: Archive;
  onDrop: () => void;
}

function Row({ archive, onDrop }: RowProps) {
  if (isMade(archive)) return <Made archive={archive} onDrop={onDrop} />;
  const when = day(archive.askedAt);
  const away = (
    <Button look="ghost" aria-label={strings.remove(when)} onPress={onDrop}>
      <Trash2 className="size-4.5" />
    </Button>
  );
  if (archive.state === "failed") {
    return (
      <div className="flex items-start gap-3">
        <TriangleAlert aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-bad" />
        <div className="min-w-0 grow">
          <p className="font-bold">{strings.failed}</p>
          <p className="text-sm text-quiet">{strings.failedWhy[archive.reason ?? ""] ?? strings.failedElse}</p>
        </div>
        {away}
      </div>
    );
  }
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <FileArchive aria-hidden="true" className="size-5 shrink-0 text-accent" />
      <div className="min-w-0 grow">
        <p className="font-bold">{strings.made(when)}</p>
        <p className="text-sm text-quiet">
          {archive.size !== null && archive.expiresAt && strings.size(bytes(archive.size), day(archive.expiresAt))}
        </p>
        {archive.missing > 0 && <p className="text-sm text-quiet">{strings.missing(archive.missing)}</p>}
      </div>
      {archive.downloadUrl && (
        <a href={archive.downloadUrl} download className="btn-primary btn-small" aria-label={strings.downloadOf(when)}>
          <Download aria-hidden="true" className="size-4" /> {strings.download}
        </a>
      )}
      {away}
    </div>
  );
}

function Made({ archive, onDrop }: RowProps) {
  const { step, stepNumber, steps, done, total } = archive;
  const words = stepNumber ? strings.step(stepNumber, steps, strings.steps[step ?? ""] ?? strings.stepElse) : strings.waiting;
  // Each step counts the same: how long one takes is not known before.
  const part = total ? Math.min(1, done / total) : 0;
  const value = stepNumber ? (stepNumber - 1 + part) / steps : 0;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <div className="grid min-w-48 grow gap-1.5">
        <p role="status" className="font-bold">
          {words}
        </p>
        <progress className="meter" max={1} value={value} aria-label={strings.progress} />
        {done > 0 && (
          <p className="text-sm text-quiet tabular-nums">{strings.counted(number(done), total ? number(total) : null)}</p>
        )}
      </div>
      <Button small onPress={onDrop}>
        {strings.giveUp}
      </Button>
    </div>
  );
}
