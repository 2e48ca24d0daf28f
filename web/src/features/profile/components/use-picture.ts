// SPDX-License-Identifier: AGPL-3.0-or-later
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import type { Purpose } from "@/features/profile/model/crop";
import { strings } from "@/features/profile/strings";
import { type Crop, isTooSmall, sendPicture, settled, takeAway, wrongFile } from "@/lib/pictures";
import { handleError } from "@/lib/report";
import { sessionQuery } from "@/lib/session";
import { strings as lib } from "@/lib/strings";
import { toast } from "@/lib/toasts";

type State =
  | { at: "rest" }
  | { at: "choosing"; file: File; picture: ImageBitmap }
  | { at: "sending"; part: number }
  | { at: "preparing" }
  | { at: "review" }
  | { at: "wrong"; problem: string };

/** One picture of one's profile, from the file to where others see it. */
export function usePicture(purpose: Purpose) {
  const client = useQueryClient();
  const [state, setState] = useState<State>({ at: "rest" });
  const stop = useRef<AbortController>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const changed = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["people"] }),
      client.invalidateQueries({ queryKey: sessionQuery.queryKey }),
    ]);

  async function choose(file: File): Promise<void> {
    const wrong = wrongFile(file);
    if (wrong) return setState({ at: "wrong", problem: lib.wrongFile[wrong] });
    try {
      const picture = await createImageBitmap(file);
      if (isTooSmall(picture)) setState({ at: "wrong", problem: lib.wrongFile.small });
      else setState({ at: "choosing", file, picture });
    } catch {
      setState({ at: "wrong", problem: lib.wrongFile.broken });
    }
  }

  async function send(crop: Crop): Promise<void> {
    if (state.at !== "choosing") return;
    const { file } = state;
    const { signal } = (stop.current = new AbortController());
    setState({ at: "sending", part: 0 });
    try {
      const begun = await sendPicture(purpose, file, crop, { signal, progress: (part) => setState({ at: "sending", part }) });
      setState({ at: "preparing" });
      const now = await settled(begun, signal);
      await changed();
      if (now.status === "ready") {
        setState({ at: "rest" });
        toast(strings.pictureShown[purpose]);
      } else if (now.status === "review") setState({ at: "review" });
      else setState({ at: "wrong", problem: strings.pictureRefused });
    } catch (error) {
      if (!signal.aborted) setState({ at: "wrong", problem: handleError("picture", error) });
    }
  }

  async function remove(): Promise<void> {
    try {
      await takeAway(purpose);
      await changed();
      setState({ at: "rest" });
      toast(strings.pictureGone[purpose]);
    } catch (error) {
      toast(handleError("picture", error), { tone: "bad" });
    }
  }

  return { state, choose, send, remove, cancel: () => setState({ at: "rest" }) };
}
