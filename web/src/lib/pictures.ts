// SPDX-License-Identifier: AGPL-3.0-or-later
// A picture on its way: announced, sent, cut, looked at, shown. Profiles and listings have them.
import { queryOptions } from "@tanstack/react-query";

import { call, put } from "@/lib/api";

const PATH = "/api/profile/media";

export type Purpose = "avatar" | "banner" | "listing";
export type Status = "waiting" | "received" | "processing" | "review" | "ready" | "rejected" | "failed";

/** Pixels. */
export interface Size {
  width: number;
  height: number;
}

/** The part that is shown, in pixels of the picture. */
export interface Crop extends Size {
  x: number;
  y: number;
}

/** How far a picture is. */
export interface Progress {
  mediaId: string;
  status: Status;
  reason: string | null;
  /** Addresses by variant, once there are any; good for some minutes. */
  urls: Readonly<Record<string, string>>;
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

const MOST_BYTES = 2 * 1024 * 1024;
const SMALLEST = 512;
export const TYPES: readonly string[] = ["image/png", "image/jpeg", "image/webp", "image/gif"];

/** What speaks against a file before anything is sent. */
export const wrongFile = ({ type, size }: { type: string; size: number }): "type" | "bytes" | null => {
  if (!TYPES.includes(type)) return "type";
  return size > MOST_BYTES ? "bytes" : null;
};

/** Whether a picture has enough pixels. */
export const isTooSmall = ({ width, height }: Size): boolean => Math.min(width, height) < SMALLEST;

/** Send a picture and say which part of it is shown. */
export async function sendPicture(purpose: Purpose, file: File, crop: Crop, sending: Sending): Promise<Progress> {
  const { mediaId, uploadUrl } = await call<Place>("POST", `${PATH}/sign`, {
    body: { purpose, mimeType: file.type, size: file.size },
    signal: sending.signal,
  });
  await put(uploadUrl, file, sending);
  return await call<Progress>("POST", `${PATH}/${mediaId}/crop`, { body: { ...crop }, signal: sending.signal });
}

const lookAfter = (mediaId: string, signal?: AbortSignal): Promise<Progress> =>
  call<Progress>("GET", `${PATH}/${mediaId}`, { signal });

/** One of one's own pictures; its addresses are fetched anew before they end. */
export const pictureQuery = (mediaId: string) =>
  queryOptions({
    queryKey: ["picture", mediaId],
    queryFn: ({ signal }) => lookAfter(mediaId, signal),
    staleTime: 5 * 60_000,
    refetchInterval: 8 * 60_000,
  });

/** Show none any more. */
export const takeAway = (purpose: "avatar" | "banner"): Promise<void> => call("DELETE", `${PATH}/${purpose}`);

/** Whether nothing more happens by itself. */
const isSettled = (status: Status): boolean => ["ready", "review", "rejected", "failed"].includes(status);

/** Milliseconds between two looks at a picture that is being prepared. */
const AGAIN = 700;

/** Looks again and again until nothing more happens by itself. */
export async function settled(now: Progress, signal: AbortSignal): Promise<Progress> {
  if (isSettled(now.status) || signal.aborted) return now;
  await new Promise((resolve) => setTimeout(resolve, AGAIN));
  return await settled(await lookAfter(now.mediaId, signal), signal);
}

/** Most pixels across or down that a shop window shows anyway. */
const WIDEST = 2048;
const QUALITY = 0.85;

/** A photograph as it came from a camera, made small enough to be sent; anything else as it is. */
export async function lightened(file: File, picture: ImageBitmap): Promise<File> {
  if (file.size <= MOST_BYTES) return file;
  const scale = Math.min(1, WIDEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const made = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  return made ? new File([made], file.name, { type: made.type }) : file;
}
