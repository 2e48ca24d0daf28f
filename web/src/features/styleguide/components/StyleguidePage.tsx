// SPDX-License-Identifier: AGPL-3.0-or-later
// Every class of the design system in every state, on one page.
import { Link } from "@tanstack/react-router";
import { Check, Settings, UsersRound } from "lucide-react";
import { useState } from "react";

import { Part } from "@/features/styleguide/components/Part";
import { StatesPart, Windows } from "@/features/styleguide/components/Windows";
import { changeLook, useLook } from "@/lib/look";
import { Avatar } from "@/ui/Avatar";
import { Brand } from "@/ui/Brand";
import { Button } from "@/ui/Button";
import { Choices } from "@/ui/Choices";
import { Field } from "@/ui/Field";
import { PageHeading } from "@/ui/PageHeading";
import { Toggle } from "@/ui/Toggle";

const LOOKS = ["primary", "secondary", "outline", "ghost", "danger"] as const;
const COLOURS = ["ground", "raised", "ink", "quiet", "accent", "pink", "good", "bad"] as const;
const SWATCH = {
  ground: "bg-ground",
  raised: "bg-raised",
  ink: "bg-ink",
  quiet: "bg-quiet",
  accent: "bg-accent",
  pink: "bg-pink",
  good: "bg-good",
  bad: "bg-bad",
};
const PERSON = { userId: "@grace:example.org", displayName: "Grace Kim", avatarUrl: null };
const THEMES = [
  { value: "system", label: "Like the system" },
  { value: "dark", label: "Dark" },
  { value: "light", label: "Light" },
] as const;

/** Neon Glass. */
export default function StyleguidePage() {
  return (
    <div className="mx-auto max-w-6xl px-5 py-6">
      <header className="mb-8 flex items-center justify-between">
        <Link to="/" aria-label="Kith, home">
          <Brand large />
        </Link>
        <ThemeSwitch />
      </header>
      <main id="content" className="grid gap-12">
        <PageHeading title="Neon Glass" lead="Every class and state of the design system." />
        <Surfaces />
        <Buttons />
        <Inputs />
        <Conversation />
        <Wayfinding />
        <Windows />
        <StatesPart />
      </main>
    </div>
  );
}

function ThemeSwitch() {
  const { theme, contrast } = useLook();
  return (
    <div className="flex flex-wrap items-center gap-2">
      <label className="sr-only" htmlFor="theme">
        Theme
      </label>
      <select
        id="theme"
        className="input-glass w-auto"
        value={theme}
        onChange={(event) => changeLook({ theme: event.target.value as typeof theme })}
      >
        {THEMES.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </select>
      <Button
        onPress={() => changeLook({ contrast: contrast === "more" ? "system" : "more" })}
        aria-pressed={contrast === "more"}
      >
        Contrast
      </Button>
    </div>
  );
}

function Surfaces() {
  return (
    <Part title="Surfaces and colours">
      <div className="grid gap-4 md:grid-cols-3">
        {(["glass-panel", "glass-card", "glass-subtle"] as const).map((name) => (
          <div key={name} className={`${name} p-5`}>
            <code className="font-semibold">.{name}</code>
            <p className="text-quiet">Text on this surface, and the quiet kind.</p>
          </div>
        ))}
      </div>
      <ul className="flex flex-wrap gap-4">
        {COLOURS.map((name) => (
          <li key={name} className="grid justify-items-center gap-1 text-xs text-quiet">
            <span className={`size-12 rounded-xl ring-1 ring-line ${SWATCH[name]}`} />
            {name}
          </li>
        ))}
      </ul>
      <p className="text-2xl font-extrabold">
        <span className="glow-text">Friends first.</span> 32 px
      </p>
      <p className="text-xl font-bold">24 px heading</p>
      <p className="text-lg">18 px lead</p>
      <p>15 px text</p>
      <p className="text-sm">13 px detail</p>
      <p className="text-xs">12 px hint</p>
    </Part>
  );
}

function Buttons() {
  return (
    <Part title="Buttons">
      {LOOKS.map((look) => (
        <div key={look} className="flex flex-wrap items-center gap-3">
          <code className="w-32 text-sm">.btn-{look}</code>
          <Button look={look}>
            <Check aria-hidden="true" className="size-4" /> Ready
          </Button>
          <Button look={look} small>
            Small
          </Button>
          <Button look={look} isDisabled>
            Disabled
          </Button>
          <Button look={look} busy>
            Busy
          </Button>
        </div>
      ))}
    </Part>
  );
}

function Inputs() {
  const [on, setOn] = useState(true);
  const [choice, setChoice] = useState("one");
  const [note, setNote] = useState("Hi, we met on Friday");
  const options = [
    { value: "one", label: "One", text: "The first choice" },
    { value: "two", label: "Two", text: "The second choice" },
  ];
  return (
    <Part title="Inputs">
      <div className="grid gap-5 md:grid-cols-2">
        <Field label=".input-glass" hint="With a hint" placeholder="Placeholder" />
        <Field
          label="Counted"
          value={note}
          onChange={(event) => setNote(event.target.value)}
          maxLength={140}
          counted
        />
        <Field label="With a problem" defaultValue="bob!" problem="Use small letters and digits." />
        <Field label="Secret" type="password" defaultValue="kith-demo" autoComplete="off" />
        <Field label="Disabled" disabled defaultValue="Not now" />
      </div>
      <Choices label="Choices" value={choice} options={options} onChange={setChoice} />
      <Toggle label="Toggle" text="On or off" value={on} onChange={setOn} />
    </Part>
  );
}

function Conversation() {
  return (
    <Part title="People and messages">
      <div className="flex flex-wrap items-end gap-4">
        {([32, 40, 48, 112] as const).map((size) => (
          <Avatar key={size} person={PERSON} size={size} />
        ))}
        <span className="flex items-center gap-2">
          <span className="luminous-dot" aria-hidden="true" /> Online
        </span>
        <span className="flex items-center gap-2 text-quiet">
          <span className="luminous-dot luminous-dot-away" aria-hidden="true" /> Away
        </span>
        <span className="badge-count">3</span>
        <span className="tag">Tag</span>
        <kbd className="kbd">K</kbd>
      </div>
      <div className="glass-panel grid max-w-2xl gap-3 p-5">
        <div className="flex items-start gap-3">
          <Avatar person={PERSON} size={32} />
          <p className="bubble-theirs">I scanned the negatives. Number 14 is the cover, no question.</p>
        </div>
        <p className="bubble-mine justify-self-end">
          The one with the tram? <a href="#content">Yes!</a>
        </p>
        <p className="flex items-center gap-1.5">
          <span className="sr-only">Grace is typing</span>
          <span className="typing-dot" />
          <span className="typing-dot" />
          <span className="typing-dot" />
        </p>
      </div>
    </Part>
  );
}

function Wayfinding() {
  return (
    <Part title="Ways">
      <div className="grid gap-4 md:grid-cols-2">
        <nav aria-label="Sample rail" className="glass-panel grid gap-1 p-3">
          <p className="connect-text flex items-center gap-2 px-3 text-xs font-bold tracking-widest uppercase">
            <span aria-hidden="true" className="connect-mark h-3 w-1" /> Community
          </p>
          <a href="#content" aria-current="page" className="nav-item">
            <UsersRound aria-hidden="true" className="size-5" /> Here
          </a>
          <a href="#content" className="nav-item">
            <Settings aria-hidden="true" className="size-5" /> Elsewhere
          </a>
        </nav>
        <nav aria-label="Sample tabs" className="flex items-start gap-1">
          <a href="#content" aria-current="page" className="tab-link">
            Here
          </a>
          <a href="#content" className="tab-link">
            Elsewhere <span className="badge-count">2</span>
          </a>
          <a href="#content" className="link self-center">
            A link
          </a>
        </nav>
      </div>
    </Part>
  );
}
