// SPDX-License-Identifier: AGPL-3.0-or-later
import { type ComponentProps, useId } from "react";

import { Notes, noted } from "@/ui/Notes";

interface Props extends Omit<ComponentProps<"textarea">, "id" | "className"> {
  label: string;
  hint?: string;
  problem?: string;
}

/** A labelled field for many lines, with its counter when there is a most. */
export function Area({ label, hint, problem, ...area }: Props) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <div className="flex items-baseline justify-between gap-3">
        <label htmlFor={id} className="text-sm font-semibold">
          {label}
        </label>
        {area.maxLength && (
          <span className="text-xs text-quiet tabular-nums">
            {String(area.value ?? "").length}/{area.maxLength}
          </span>
        )}
      </div>
      <textarea
        {...area}
        id={id}
        className="input-glass min-h-40"
        {...noted({ id, hint, problem })}
      />
      <Notes id={id} hint={hint} problem={problem} />
    </div>
  );
}
