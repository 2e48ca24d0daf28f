// SPDX-License-Identifier: AGPL-3.0-or-later
import { Hourglass } from "lucide-react";

import { strings } from "@/features/conversation/strings";

/** Most characters of a message (M2), counted as code points. */
export const LONGEST = 4000;
const SHOWN_FROM = 3600;

/** What limits the next message: the slow mode's clock, the room that is left. */
export function ComposerStatus({ wait, length }: { wait: number; length: number }) {
  return (
    <div className="flex items-center gap-2 px-2 text-xs text-quiet empty:hidden">
      {wait > 0 && (
        <p role="timer" className="flex items-center gap-1.5">
          <Hourglass aria-hidden="true" className="size-3.5" /> {strings.slow(wait)}
        </p>
      )}
      {length >= SHOWN_FROM && (
        <p role="status" className={`ms-auto tabular-nums ${length > LONGEST ? "font-semibold text-bad" : ""}`}>
          {length > LONGEST ? strings.over(length - LONGEST) : strings.left(LONGEST - length)}
        </p>
      )}
    </div>
  );
}
