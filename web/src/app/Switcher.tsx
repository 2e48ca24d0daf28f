// SPDX-License-Identifier: AGPL-3.0-or-later
// Ctrl K: from anywhere to a room, a person, a page or an action.
import { type KeyboardEvent, useId, useState } from "react";

import { type Choice, remember, useChoices } from "@/app/choices";
import { closeOverlay, useOverlays } from "@/app/overlays";
import { strings } from "@/app/strings";
import { Avatar } from "@/ui/Avatar";
import { Dialog } from "@/ui/Dialog";
import { UnreadMark } from "@/ui/UnreadMark";

/** The switcher's window. */
export function Switcher() {
  const open = useOverlays((state) => state.open === "switcher");
  return (
    <Dialog title={strings.goTo} open={open} onClose={closeOverlay}>
      <Finder />
    </Dialog>
  );
}

function pick(choice: Choice | undefined): void {
  if (!choice) return;
  remember(choice.id);
  closeOverlay();
  choice.run();
}

function Finder() {
  const id = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const found = useChoices(text.trim());
  const chosen = found[Math.min(at, found.length - 1)];
  const steer = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setAt((now) => (Math.min(now, found.length - 1) + step + found.length) % found.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      pick(chosen);
    }
  };
  return (
    <>
      <input
        className="input-glass"
        role="combobox"
        aria-label={strings.finder}
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={chosen ? `${id}-${chosen.id}` : undefined}
        aria-autocomplete="list"
        autoFocus
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={255}
        placeholder={strings.finderHint}
        value={text}
        onKeyDown={steer}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
      />
      <div id={`${id}-list`} role="listbox" aria-label={strings.found} className="mt-3 grid gap-0.5">
        {found.map((choice) => (
          <div
            key={choice.id}
            id={`${id}-${choice.id}`}
            role="option"
            aria-selected={choice === chosen}
            className="menu-item aria-selected:bg-(--subtle)"
            data-focused={choice === chosen || undefined}
            onPointerMove={() => setAt(found.indexOf(choice))}
            onClick={() => pick(choice)}
          >
            {choice.person ? <Avatar person={choice.person} size={32} /> : null}
            {choice.emoji ? (
              <span aria-hidden="true" className="emoji-tile size-8 text-base">
                {choice.emoji}
              </span>
            ) : null}
            {choice.icon ? (
              <span className="grid size-8 place-items-center">
                <choice.icon aria-hidden="true" className="size-5 text-accent" />
              </span>
            ) : null}
            <span className="truncate font-semibold">{choice.label}</span>
            {choice.counts ? <UnreadMark counts={choice.counts} direct={choice.direct} /> : null}
            <span className="ms-auto truncate text-sm text-quiet">{choice.detail}</span>
          </div>
        ))}
      </div>
    </>
  );
}
