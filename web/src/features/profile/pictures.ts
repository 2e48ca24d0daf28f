// SPDX-License-Identifier: AGPL-3.0-or-later
// A picture on its way: announced, sent, cut, looked at, shown.
import type { Crop, Purpose } from "@/features/profile/model/crop";
import { call, put } from "@/lib/api";

const PATH = "/api/profile/media";

export type Status = "waiting" | "received" | "processing" | "review" | "ready" | "rejected" | "failed";

/** How far a picture is. */
export interface Progress {
  mediaId: string;
  status: Status;
  reason: string | null;
}

interface Place {
  mediaId: string;
  uploadUrl: string;
}

interface Sending {
  signal: AbortSignal;
  /** How much has gone out, 0 to 1. */
  progress: (part: number) => void;
}

/** Send a picture and say which part of it is shown. */
export async function sendPicture(purpose: Purpose, file: File, crop: Crop, sending: Sending): Promise<Progress> {
  const { mediaId, uploadUrl } = await call<Place>("POST", `${PATH}/sign`, {
    body: { purpose, mimeType: file.type, size: file.size },
    signal: sending.signal,
  });
  await put(uploadUrl, file, sending);
  return await call<Progress>("POST", `${PATH}/${mediaId}/crop`, { body: { ...crop }, signal: sending.signal });
}

/** How far it is now. */
export const lookAfter = (mediaId: string, signal?: AbortSignal): Promise<Progress> =>
  call<Progress>("GET", `${PATH}/${mediaId}`, { signal });

/** Show none any more. */
export const takeAway = (purpose: Purpose): Promise<void> => call("DELETE", `${PATH}/${purpose}`);

/** Whether nothing more happens by itself. */
export const isSettled = (status: Status): boolean => ["ready", "review", "rejected", "failed"].includes(status);
