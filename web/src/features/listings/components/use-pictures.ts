// SPDX-License-Identifier: AGPL-3.0-or-later
import { useEffect, useRef, useState } from "react";

import { strings } from "@/features/listings/strings";
import { TYPES, isTooSmall, lightened, sendPicture, settled, wrongFile } from "@/lib/pictures";
import { handleError } from "@/lib/report";
import { strings as lib } from "@/lib/strings";

/** A picture that is not there yet. */
export interface Coming {
  key: number;
  name: string;
  /** How much has gone out, 0 to 1; null while the server prepares it. */
  part: number | null;
  problem?: string;
}

let last = 0;

/** Pictures of a listing on their way; each that is there is told to `onThere`. */
export function usePictures(onThere: (mediaId: string) => void) {
  const [coming, setComing] = useState<readonly Coming[]>([]);
  const stop = useRef<AbortController>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const there = useRef(onThere);
  useEffect(() => {
    there.current = onThere;
  });

  const put = (key: number, change: Partial<Coming> | null) =>
    setComing((all) => all.flatMap((one) => (one.key === key ? (change ? [{ ...one, ...change }] : []) : [one])));

  async function send(key: number, file: File): Promise<string | null> {
    if (!TYPES.includes(file.type)) return lib.wrongFile.type;
    const { signal } = (stop.current ??= new AbortController());
    let picture: ImageBitmap;
    try {
      picture = await createImageBitmap(file);
    } catch {
      return lib.wrongFile.broken;
    }
    if (isTooSmall(picture)) return lib.wrongFile.small;
    const sent = await lightened(file, picture);
    if (wrongFile(sent)) return lib.wrongFile.bytes;
    // Made smaller, it has other sides.
    const { width, height } = sent === file ? picture : await createImageBitmap(sent);
    try {
      const crop = { x: 0, y: 0, width, height };
      const begun = await sendPicture("listing", sent, crop, { signal, progress: (part) => put(key, { part: part < 1 ? part : null }) });
      put(key, { part: null });
      const { status, mediaId } = await settled(begun, signal);
      if (signal.aborted) return null;
      if (status !== "ready") return status === "review" ? strings.inReview : strings.refused;
      there.current(mediaId);
      return null;
    } catch (error) {
      return signal.aborted ? null : handleError("picture", error);
    }
  }

  async function add(files: readonly File[]): Promise<void> {
    const begun = files.map((file) => ({ key: (last += 1), file }));
    setComing((all) => [...all, ...begun.map(({ key, file }) => ({ key, name: file.name, part: 0 }))]);
    // One after the other, so that they come in the order in which they were chosen.
    await begun.reduce(async (before, { key, file }) => {
      await before;
      const problem = await send(key, file);
      put(key, problem ? { problem, part: 0 } : null);
    }, Promise.resolve());
  }

  return { coming, add, dismiss: (key: number) => put(key, null), busy: coming.some(({ problem }) => !problem) };
}
