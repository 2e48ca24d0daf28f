// SPDX-License-Identifier: AGPL-3.0-or-later
// Files on their way to the server, before the message that carries them is sent.
import { useEffect, useRef, useState } from "react";

import type { Upload } from "@/features/conversation/api";
import { strings } from "@/features/conversation/strings";
import { call, upload } from "@/lib/api";
import { ApiError } from "@/lib/api-error";
import { handleError, logError } from "@/lib/report";
import { toast } from "@/lib/toasts";

const PATH = "/api/v1/media";
const LARGEST = 25 * 1024 * 1024;
const MOST = 10;

export interface Uploading {
  key: string;
  name: string;
  size: number;
  /** 0 to 1. */
  part: number;
  ready: Upload | null;
  problem: string | null;
}

/** The files of one composer. */
export function useUploads() {
  const [list, setList] = useState<readonly Uploading[]>([]);
  const stops = useRef(new Map<string, AbortController>());
  useEffect(() => {
    const running = stops.current;
    return () => {
      for (const stop of running.values()) stop.abort();
    };
  }, []);

  const change = (key: string, more: Partial<Uploading>) =>
    setList((now) => now.map((one) => (one.key === key ? { ...one, ...more } : one)));

  async function begin(key: string, file: File): Promise<void> {
    const stop = new AbortController();
    stops.current.set(key, stop);
    try {
      const done = await upload<Omit<Upload, "durationMs" | "thumbnailUrl">>(PATH, file, {
        signal: stop.signal,
        progress: (part) => change(key, { part }),
      });
      change(key, { ready: { ...done, durationMs: null, thumbnailUrl: null }, part: 1 });
    } catch (error) {
      if (!stop.signal.aborted) change(key, { problem: handleError("upload", error) });
    } finally {
      stops.current.delete(key);
    }
  }

  function add(files: readonly File[]): void {
    const fitting = files.filter((file) => {
      if (file.size <= LARGEST) return true;
      toast(strings.tooBig(file.name), { tone: "bad" });
      return false;
    });
    if (list.length + fitting.length > MOST) toast(strings.tooMany, { tone: "bad" });
    const taken = fitting.slice(0, Math.max(0, MOST - list.length));
    const fresh = taken.map((file) => ({ key: crypto.randomUUID(), file }));
    setList((now) => [
      ...now,
      ...fresh.map(({ key, file }) => ({ key, name: file.name, size: file.size, part: 0, ready: null, problem: null })),
    ]);
    for (const { key, file } of fresh) void begin(key, file);
  }

  function remove(key: string): void {
    stops.current.get(key)?.abort();
    const gone = list.find((one) => one.key === key);
    setList((now) => now.filter((one) => one.key !== key));
    if (gone?.ready) {
      call("DELETE", `${PATH}/${gone.ready.id}`).catch((error: unknown) => {
        if (!(error instanceof ApiError) || error.status !== 404) logError("upload", error);
      });
    }
  }

  return {
    list,
    add,
    remove,
    clear: () => setList([]),
    busy: list.some((one) => one.ready === null && one.problem === null),
    ready: list.flatMap((one) => (one.ready ? [one.ready] : [])),
  };
}
