// SPDX-License-Identifier: AGPL-3.0-or-later
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Download, Unlink } from "lucide-react";

import { proofFile, proofQuery } from "@/features/privacy/api";
import { type Report, reportOf } from "@/features/privacy/model/report";
import { strings } from "@/features/privacy/strings";
import { ApiError } from "@/lib/api-error";
import { day } from "@/lib/time";
import type { Proof } from "@/lib/types";
import { Brand } from "@/ui/Brand";
import { PageHeading } from "@/ui/PageHeading";
import { Failure, Notice, SkeletonRows } from "@/ui/States";

/** The proof of a deletion, for whoever holds its address. */
export function ProofPage() {
  const { token } = useParams({ from: "/erasures/$token" });
  const query = useQuery(proofQuery(token));
  const { data: proof, error } = query;
  const gone = error instanceof ApiError && [400, 404].includes(error.status);
  return (
    <div className="h-dvh overflow-y-auto px-4">
      <header className="mx-auto flex max-w-4xl items-center py-5">
        <Link to="/" aria-label={strings.start} className="rounded-md">
          <Brand large />
        </Link>
      </header>
      <main id="content" tabIndex={-1} className="mx-auto grid max-w-4xl grid-cols-[minmax(0,1fr)] gap-4 pb-8">
        <PageHeading title={strings.proofTitle} />
        {query.isPending && <SkeletonRows count={3} label={strings.proofTitle} />}
        {error && !proof && (
          <div className="glass-panel">
            {gone ? (
              <Notice icon={Unlink} title={strings.proofGone[0]} text={strings.proofGone[1]} />
            ) : (
              <Failure error={error} onRetry={() => void query.refetch()} />
            )}
          </div>
        )}
        {proof && <State proof={proof} token={token} />}
        {proof?.report && <Told report={reportOf(proof.report)} />}
      </main>
    </div>
  );
}

function State({ proof, token }: { proof: Proof; token: string }) {
  const { state, eraseAt, finishedAt, expiresAt, step, done, total, sha256 } = proof;
  return (
    <section aria-label={strings.proofTitle} className="glass-panel grid gap-3 p-5">
      <p role="status" className="text-base font-bold">
        {state === "waiting" && strings.proofWaiting(day(eraseAt))}
        {state === "running" && strings.proofRunning}
        {state === "done" && finishedAt && strings.proofDone(day(finishedAt))}
      </p>
      {state === "running" && (
        <>
          <progress className="meter" max={total || 1} value={done} aria-label={strings.proofRunning} />
          <p className="text-sm text-quiet">{step && strings.erasing[step]}</p>
        </>
      )}
      {state === "done" && (
        <>
          {expiresAt && <p className="text-quiet">{strings.proofUntil(day(expiresAt))}</p>}
          <a href={proofFile(token)} download className="btn-primary justify-self-start">
            <Download aria-hidden="true" className="size-4" /> {strings.proofFile}
          </a>
          {sha256 && (
            <p className="wrap-anywhere text-xs text-quiet">
              {strings.proofSum}: <code>{sha256}</code>
            </p>
          )}
        </>
      )}
    </section>
  );
}

function Told({ report: { tables, places, operator } }: { report: Report }) {
  return (
    <>
      {operator.length > 0 && (
        <section aria-labelledby="operator" className="glass-panel p-5">
          <h2 id="operator" className="mb-2 text-lg font-bold">
            {strings.proofOperator}
          </h2>
          <ul className="grid list-disc gap-1.5 ps-5">
            {operator.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="tables" className="glass-panel p-5">
        <h2 id="tables" className="mb-3 text-lg font-bold">
          {strings.proofTables}
        </h2>
        <dl className="grid gap-2">
          {tables.map(({ holds, did, rows, because }) => (
            <div key={`${holds} ${did}`} className="grid gap-0.5 border-t border-line pt-2">
              <dt className="flex flex-wrap items-center justify-between gap-2 font-semibold">
                {holds}
                <span className="tag">
                  {strings.proofDid[did] ?? did}: {strings.rows(rows)}
                </span>
              </dt>
              <dd className="text-sm text-quiet">{because}</dd>
            </div>
          ))}
        </dl>
        <p className="mt-3 text-sm text-quiet">{strings.nothing}</p>
      </section>
      <section aria-labelledby="places" className="glass-panel p-5">
        <h2 id="places" className="mb-3 text-lg font-bold">
          {strings.proofPlaces}
        </h2>
        <dl className="grid gap-2">
          {places.map(({ place, holds, did }) => (
            <div key={place} className="grid gap-0.5 border-t border-line pt-2">
              <dt className="font-semibold">{place}</dt>
              <dd className="text-sm text-quiet">{holds}</dd>
              <dd className="text-sm">{did}</dd>
            </div>
          ))}
        </dl>
      </section>
    </>
  );
}
