// SPDX-License-Identifier: AGPL-3.0-or-later
import { type ComponentProps, useId } from "react";

interface Props extends Omit<ComponentProps<"textarea">, "id" | "className"> {
  label: string;
  hint?: string;
  problem?: string;
}

/** A labelled field for many lines, with its counter when there is a most. */
export function Area({ label, hint, problem, ...area }: Props) {
  const id = useId();
  const said = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(" ");
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
        aria-invalid={problem ? true : undefined}
        aria-describedby={said || undefined}
      />
      {hint && (
        <p id={`${id}-hint`} className="text-xs text-quiet">
          {hint}
        </p>
      )}
      {problem && (
        <p id={`${id}-problem`} className="text-sm font-medium text-bad">
          {problem}
        </p>
      )}
    </div>
  );
}
