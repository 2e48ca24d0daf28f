// SPDX-License-Identifier: AGPL-3.0-or-later
import { Search } from "lucide-react";
import type { ComponentProps } from "react";

interface Props extends Omit<ComponentProps<"input">, "type" | "className" | "aria-label" | "value" | "onChange"> {
  label: string;
  text: string;
  onText: (text: string) => void;
  /** Its place among what is beside it. */
  className?: string;
}

/** The field of a page on which one looks for something. */
export function SearchBox({ label, text, onText, className = "", ...input }: Props) {
  return (
    <div className={`relative ${className}`}>
      <Search aria-hidden="true" className="pointer-events-none absolute top-3 start-3.5 size-5 text-quiet" />
      <input
        {...input}
        type="search"
        className="input-glass ps-11"
        aria-label={label}
        value={text}
        onChange={(event) => onText(event.target.value)}
      />
    </div>
  );
}
