// SPDX-License-Identifier: AGPL-3.0-or-later
// Copies of one's data, and the deletion of one's account.
import { queryOptions } from "@tanstack/react-query";

import { call } from "@/lib/api";
import type { Archive, Archives, Erasure, ErasureBegun, Proof } from "@/lib/types";

const EXPORTS = "/api/me/exports";
const ERASURE = "/api/me/erasure";

/** Milliseconds between two looks at something that is under way. */
const AGAIN = 1500;

/** Whether it is still made. */
export const isMade = ({ state }: Pick<Archive, "state">): boolean => state === "waiting" || state === "running";

export const archivesQuery = queryOptions({
  queryKey: ["exports"],
  queryFn: ({ signal }) => call<Archives>("GET", EXPORTS, { signal }),
  refetchInterval: ({ state }) => (state.data?.exports.some(isMade) ? AGAIN : false),
});

export const askArchive = (): Promise<Archive> => call<Archive>("POST", EXPORTS);

export const dropArchive = (id: string): Promise<void> => call("DELETE", `${EXPORTS}/${id}`);

export const erasureQuery = queryOptions({
  queryKey: ["erasure"],
  queryFn: ({ signal }) => call<Erasure>("GET", ERASURE, { signal }),
  staleTime: 5 * 60_000,
  refetchInterval: ({ state }) => (state.data?.state === "running" ? AGAIN : false),
});

/** By the password, or by one's id typed out. */
export const askErasure = (proof: { password: string } | { confirm: string }): Promise<ErasureBegun> =>
  call<ErasureBegun>("POST", ERASURE, { body: { ...proof } });

export const cancelErasure = (): Promise<void> => call("DELETE", ERASURE);

/** Where the page of a proof is, from where the API has it. */
export const proofPage = (proofUrl: string): string => `${location.origin}${proofUrl.replace(/^\/api/, "")}`;

export const proofFile = (token: string): string => `/api/erasures/${encodeURIComponent(token)}/report.json`;

export const proofQuery = (token: string) =>
  queryOptions({
    queryKey: ["proof", token],
    queryFn: ({ signal }) => call<Proof>("GET", `/api/erasures/${encodeURIComponent(token)}`, { signal }),
    refetchInterval: ({ state }) => (state.data?.state === "running" ? AGAIN : false),
  });
