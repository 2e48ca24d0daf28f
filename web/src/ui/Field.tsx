// SPDX-License-Identifier: AGPL-3.0-or-later
import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useId, useState } from "react";

import { Notes, noted } from "@/ui/Notes";
import { strings } from "@/ui/strings";

interface Props extends Omit<ComponentProps<"input">, "id" | "className"> {
  label: string;
  hint?: string;
  /** What is wrong with what was entered. */
  problem?: string;
  /** Shows how many characters are left of `maxLength`. */
  counted?: boolean;
}

/** A labelled text field with its hint, its problem and its counter. */
export function Field({ label, hint, problem, counted, type = "text", ...input }: Props) {
  const id = useId();
  const [shown, setShown] = useState(false);
  const secret = type === "password";
  const length = String(input.value ?? "").length;
  return (
    <div className="grid gap-1.5">
      <div className="flex items-baseline justify-between gap-3">
        <label htmlFor={id} className="text-sm font-semibold">
          {label}
        </label>
        {counted && input.maxLength && (
          <span className="text-xs text-quiet tabular-nums">
            {length}/{input.maxLength}
          </span>
        )}
      </div>
      <div className="relative">
        <input
          {...input}
          id={id}
          type={secret && shown ? "text" : type}
          className={`input-glass ${secret ? "pe-12" : ""}`}
          {...noted({ id, hint, problem })}
        />
        {secret && (
          <button
            type="button"
            className="btn-ghost absolute top-0.5 end-0.5"
            aria-label={shown ? strings.hidePassword : strings.showPassword}
            onClick={() => setShown(!shown)}
          >
            {shown ? <EyeOff className="size-4.5" /> : <Eye className="size-4.5" />}
          </button>
        )}
      </div>
      <Notes id={id} hint={hint} problem={problem} />
    </div>
  );
}
