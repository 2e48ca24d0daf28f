// SPDX-License-Identifier: AGPL-3.0-or-later
// The connection is there while somebody who is signed in looks at the app.
import { useEffect } from "react";

import { type Frame } from "@/lib/live/frames";
import { live } from "@/lib/live/hub";
import { forgetUnread, takeUnread } from "@/lib/live/unread";

let users = 0;
let stopping: ReturnType<typeof setTimeout> | undefined;
let unlisten: (() => void) | undefined;

function begin(): void {
  clearTimeout(stopping);
  users += 1;
  if (unlisten) return;
  unlisten = live.listen((frame) => {
    if (takeUnread(frame)) live.tell({ type: "unread" });
  });
  live.start();
  // A tab that is not the first hears only what changes from here on.
  live.tell({ type: "unread" });
}

function end(): void {
  users -= 1;
  // From one page to the next there is a moment without anybody.
  stopping = setTimeout(() => {
    if (users) return;
    unlisten?.();
    unlisten = undefined;
    live.stop();
    forgetUnread();
  }, 500);
}

/** Keep the connection open as long as this is drawn. */
export function useLiveConnection(): void {
  useEffect(() => {
    begin();
    return end;
  }, []);
}

/** Hear every frame while drawn; `hear` may be new at every drawing. */
export function useFrames(hear: (frame: Frame) => void): void {
  useEffect(() => live.listen(hear), [hear]);
}
