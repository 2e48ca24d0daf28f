// SPDX-License-Identifier: AGPL-3.0-or-later
import { type KeyboardEvent, type ReactNode, useId, useState } from "react";

import { Notes, noted } from "@/ui/Notes";

export interface Suggestion {
  id: string;
  label: string;
  detail?: string;
}

interface Props {
  label: string;
  hint?: string;
  problem?: string;
  /** What is in the field. */
  text: string;
  onText: (text: string) => void;
  /** What fits the text. */
  found: readonly Suggestion[];
  onPick: (chosen: Suggestion) => void;
  /** Enter with nothing marked takes the words themselves. */
  onOwn?: (text: string) => void;
  onLeave?: () => void;
  maxLength?: number;
  placeholder?: string;
  disabled?: boolean;
  /** Beside the label. */
  children?: ReactNode;
}

/** A text field with suggestions: arrows go through them, Enter takes one, Escape puts them away. */
export function Suggest(props: Props) {
  const { label, hint, problem, text, onText, found, onPick, onOwn, onLeave, maxLength, placeholder, disabled, children } = props;
  const id = useId();
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const shown = open && found.length > 0;
  const marked = shown ? found[at] : undefined;
  const take = (chosen: Suggestion) => {
    setOpen(false);
    setAt(-1);
    onPick(chosen);
  };
  const steer = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setOpen(true);
      setAt((now) => (now + step + found.length + 1) % (found.length + 1 || 1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (marked) take(marked);
      else if (text.trim()) onOwn?.(text.trim());
    } else if (event.key === "Escape" && shown) {
      event.stopPropagation();
      setOpen(false);
    }
  };
  return (
    <div className="relative grid gap-1.5">
      <div className="flex flex-wrap items-center justify-between gap-x-3">
        <label htmlFor={id} className="text-sm font-semibold">
          {label}
        </label>
        {children}
      </div>
      <input
        id={id}
        className="input-glass"
        role="combobox"
        aria-expanded={shown}
        aria-controls={shown ? `${id}-list` : undefined}
        aria-activedescendant={marked ? `${id}-${at}` : undefined}
        aria-autocomplete="list"
        {...noted({ id, hint, problem })}
        autoComplete="off"
        spellCheck={false}
        maxLength={maxLength}
        placeholder={placeholder}
        disabled={disabled}
        value={text}
        onKeyDown={steer}
        onFocus={() => setOpen(true)}
        onClick={() => setOpen(true)}
        onBlur={() => {
          setOpen(false);
          onLeave?.();
        }}
        onChange={(event) => {
          onText(event.target.value);
          setOpen(true);
          setAt(-1);
        }}
      />
      {shown && (
        <div id={`${id}-list`} role="listbox" aria-label={label} className="menu absolute inset-x-0 top-full z-30 mt-1 max-h-72 overflow-y-auto">
          {found.map((one, place) => (
            // The field has the keys of the whole list.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
            <div
              key={one.id}
              id={`${id}-${place}`}
              role="option"
              aria-selected={place === at}
              tabIndex={-1}
              data-focused={place === at || undefined}
              className="menu-item"
              // Keeps the focus in the field.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => take(one)}
            >
              <span className="wrap-anywhere grow">{one.label}</span>
              {one.detail && <span className="text-xs text-quiet">{one.detail}</span>}
            </div>
          ))}
        </div>
      )}
      <Notes id={id} hint={hint} problem={problem} />
    </div>
  );
}
