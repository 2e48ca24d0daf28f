// SPDX-License-Identifier: AGPL-3.0-or-later
// Ctrl K: from anywhere to a person, a page or an action.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type LucideIcon, Contrast, Inbox, Palette, Send, ShieldCheck, UserRoundPlus, UserRoundSearch, UsersRound } from "lucide-react";
import { type KeyboardEvent, useId, useState } from "react";

import { closeOverlay, useOverlays } from "@/app/overlays";
import { useAdding } from "@/features/connections/adding";
import { friendsQuery } from "@/features/connections/api";
import { changeLook, isDark, useLook } from "@/lib/look";
import { addressOf, handleOf, nameOf } from "@/lib/person";
import { useMe } from "@/lib/session";
import type { Friend } from "@/lib/types";
import { Avatar } from "@/ui/Avatar";
import { Dialog } from "@/ui/Dialog";

interface Choice {
  id: string;
  label: string;
  detail: string;
  icon?: LucideIcon;
  friend?: Friend;
  run: () => void;
}

const MOST = 8;

/** The switcher's window. */
export function Switcher() {
  const open = useOverlays((state) => state.open === "switcher");
  return (
    <Dialog title="Go to" open={open} onClose={closeOverlay}>
      <Finder />
    </Dialog>
  );
}

function pick(choice: Choice | undefined): void {
  if (!choice) return;
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
        aria-label="Find people and pages"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={chosen ? `${id}-${chosen.id}` : undefined}
        aria-autocomplete="list"
        autoFocus
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={255}
        placeholder="A name, a Matrix id, a page…"
        value={text}
        onKeyDown={steer}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
      />
      <div id={`${id}-list`} role="listbox" aria-label="Found" className="mt-3 grid gap-0.5">
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
            {choice.friend ? <Avatar person={choice.friend} size={32} /> : null}
            {choice.icon ? (
              <span className="grid size-8 place-items-center">
                <choice.icon aria-hidden="true" className="size-5 text-accent" />
              </span>
            ) : null}
            <span className="truncate font-semibold">{choice.label}</span>
            <span className="ml-auto truncate text-sm text-quiet">{choice.detail}</span>
          </div>
        ))}
      </div>
    </>
  );
}

function useChoices(text: string): readonly Choice[] {
  const navigate = useNavigate();
  const { home } = useMe();
  const dark = isDark(useLook((state) => state.theme));
  const { data } = useInfiniteQuery(friendsQuery);
  const go = (to: "/connections" | "/connections/incoming" | "/connections/outgoing" | "/settings/privacy" | "/settings/appearance") => () =>
    void navigate({ to });
  const visit = (user: string) => () => void navigate({ to: "/people/$user", params: { user } });
  const places: Choice[] = [
    { id: "friends", label: "Connections", detail: "Page", icon: UsersRound, run: go("/connections") },
    { id: "incoming", label: "Incoming requests", detail: "Page", icon: Inbox, run: go("/connections/incoming") },
    { id: "outgoing", label: "Outgoing requests", detail: "Page", icon: Send, run: go("/connections/outgoing") },
    { id: "privacy", label: "Privacy settings", detail: "Page", icon: ShieldCheck, run: go("/settings/privacy") },
    { id: "look", label: "Appearance and keys", detail: "Page", icon: Palette, run: go("/settings/appearance") },
    {
      id: "add",
      label: "Add a friend",
      detail: "Action",
      icon: UserRoundPlus,
      run: () => {
        go("/connections")();
        useAdding.setState({ open: true });
      },
    },
    {
      id: "theme",
      label: dark ? "Use the light theme" : "Use the dark theme",
      detail: "Action",
      icon: Contrast,
      run: () => changeLook({ theme: dark ? "light" : "dark" }),
    },
  ];
  const friends = (data?.pages.flatMap((page) => page.friends) ?? []).map(
    (friend): Choice => ({
      id: friend.userId.replace(/[^a-z0-9]/gi, "-"),
      label: nameOf(friend),
      detail: handleOf(friend.userId, home),
      friend,
      run: visit(addressOf(friend.userId, home)),
    }),
  );
  const needle = text.toLowerCase();
  const fits = ({ label, detail }: Choice) => `${label} ${detail}`.toLowerCase().includes(needle);
  const fitting = [...friends, ...places].filter(fits).slice(0, MOST);
  const isName = /^@?[a-z0-9._=/+-]+(:[^\s/]+)?$/i.test(text);
  if (!isName) return fitting;
  const user = text.startsWith("@") && !text.includes(":") ? text.slice(1) : text;
  const person = { id: "person", label: text, detail: "Look this person up", icon: UserRoundSearch, run: visit(user) };
  return [...fitting, person];
}
