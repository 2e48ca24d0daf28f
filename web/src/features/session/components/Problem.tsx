// SPDX-License-Identifier: AGPL-3.0-or-later
import { CircleAlert } from "lucide-react";

import { strings } from "@/features/session/strings";
import { ApiError } from "@/lib/api-error";
import { wait } from "@/lib/time";

/** Why one did not get in. */
export function Problem({ error }: { error: Error | null }) {
  if (!error) return null;
  const known = error instanceof ApiError ? error : null;
  const field = known?.fields[0];
  const text =
    known?.status === 429
      ? strings.slow(wait(known.retryAfterMs ?? 60_000))
      : field
        ? `${known?.sentence} (${field.field}: ${field.problem})`
        : (known?.sentence ?? strings.failed);
  return (
    <p role="alert" className="glass-subtle flex items-start gap-2 px-3 py-2.5 font-medium text-bad">
      <CircleAlert aria-hidden="true" className="mt-0.5 size-4.5 shrink-0" />
      {text}
    </p>
  );
}
