// SPDX-License-Identifier: AGPL-3.0-or-later
// The parts of the editor.
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { type ReactNode, useDeferredValue, useId, useState } from "react";

import { interestsQuery, optionsQuery } from "@/features/profile/api";
import { VisibilityToggle } from "@/features/profile/components/VisibilityToggle";
import type { Editor } from "@/features/profile/components/use-editor";
import { LONGEST, MOST_INTERESTS, lengthOf } from "@/features/profile/model/draft";
import { FIELDS, type Field as Name } from "@/features/profile/model/fields";
import { strings } from "@/features/profile/strings";
import { Field } from "@/ui/Field";
import { PlaceField } from "@/ui/PlaceField";
import { Suggest } from "@/ui/Suggest";
import { Toggle } from "@/ui/Toggle";

interface SectionProps {
  /** What addresses lead to. */
  id: string;
  title: string;
  lead?: string;
  children: ReactNode;
}

/** One part of the editor. */
export function Section({ id, title, lead, children }: SectionProps) {
  const heading = useId();
  return (
    <section id={id} aria-labelledby={heading} className="glass-panel grid min-w-0 scroll-mt-4 gap-5 p-5">
      <div>
        <h2 id={heading} className="text-lg font-bold">
          {title}
        </h2>
        {lead && <p className="text-sm text-quiet">{lead}</p>}
      </div>
      {children}
    </section>
  );
}

interface LevelProps {
  editor: Editor;
  field: Name;
}

/** Who sees one field. */
export function Seen({ editor, field }: LevelProps) {
  const { levels } = editor.draft;
  return (
    <VisibilityToggle
      name={strings.fields[field]}
      value={levels[field]}
      onChange={(level) => editor.set("levels", { ...levels, [field]: level })}
    />
  );
}

/** Name and words about oneself. */
export function Basics({ editor, children }: { editor: Editor; children?: ReactNode }) {
  const id = useId();
  const { draft, set, problem } = editor;
  const length = lengthOf(draft.bio);
  const wrong = problem("bio") ?? (length > LONGEST.bio ? strings.tooLong(length - LONGEST.bio) : undefined);
  return (
    <Section id="basics" title={strings.basics}>
      {children}
      <Field
        label={strings.fields.displayName}
        hint={strings.nameHint}
        problem={problem("display_name")}
        value={draft.displayName}
        onChange={(event) => set("displayName", event.target.value)}
        maxLength={LONGEST.displayName}
        counted
        autoComplete="nickname"
      />
      <div id="bio" className="grid gap-1.5">
        <div className="flex flex-wrap items-center justify-between gap-x-3">
          <label htmlFor={id} className="text-sm font-semibold">
            {strings.fields.bio}
          </label>
          <Seen editor={editor} field="bio" />
        </div>
        <textarea
          id={id}
          className="input-glass min-h-28"
          value={draft.bio}
          onChange={(event) => set("bio", event.target.value)}
          aria-describedby={`${id}-hint${wrong ? ` ${id}-problem` : ""}`}
          aria-invalid={wrong ? true : undefined}
          maxLength={2000}
        />
        <div className="flex justify-between gap-3 text-xs text-quiet">
          <span id={`${id}-hint`}>{strings.bioHint}</span>
          <span className={`tabular-nums ${length > LONGEST.bio ? "font-bold text-bad" : ""}`}>
            {length}/{LONGEST.bio}
          </span>
        </div>
        {wrong && (
          <p id={`${id}-problem`} className="text-sm font-medium text-bad">
            {wrong}
          </p>
        )}
      </div>
    </Section>
  );
}

/** Pronouns, gender, where and when. */
export function Identity({ editor }: { editor: Editor }) {
  const { data: options } = useQuery(optionsQuery);
  const { draft, set, problem } = editor;
  return (
    <Section id="identity" title={strings.identity} lead={strings.identityLead}>
      {(["pronouns", "gender"] as const).map((name) => (
        <div key={name} id={name}>
          <Suggest
            label={strings.fields[name]}
            problem={problem(name)}
            text={draft[name]}
            onText={(text) => set(name, text)}
            found={fitting(options?.[name === "gender" ? "genders" : "pronouns"] ?? [], draft[name])}
            onPick={({ label }) => set(name, label)}
            maxLength={LONGEST.words}
          >
            <Counted text={draft[name]} most={LONGEST.words} />
            <Seen editor={editor} field={name} />
          </Suggest>
        </div>
      ))}
      <div id="location">
        <Living editor={editor} />
      </div>
      <Suggest
        label={strings.fields.timezone}
        hint={strings.zoneHint}
        problem={problem("timezone")}
        text={draft.timezone}
        onText={(text) => set("timezone", text)}
        found={fitting(ZONES, draft.timezone).slice(0, 8)}
        onPick={({ label }) => set("timezone", label)}
        maxLength={64}
      >
        <Seen editor={editor} field="timezone" />
      </Suggest>
    </Section>
  );
}

const ZONES: readonly string[] = Intl.supportedValuesOf("timeZone");

function fitting(all: readonly string[], text: string) {
  const wanted = text.trim().toLowerCase().replaceAll(" ", "_");
  const found = all.filter((one) => one.toLowerCase().replaceAll(" ", "_").includes(wanted) && one !== text);
  return found.map((label) => ({ id: label, label }));
}

function Counted({ text, most }: { text: string; most: number }) {
  return (
    <span className="ms-auto text-xs text-quiet tabular-nums">
      {text.length}/{most}
    </span>
  );
}

function Living({ editor }: { editor: Editor }) {
  const { draft, set, problem } = editor;
  return (
    <PlaceField
      label={strings.fields.location}
      hint={strings.placeHint}
      problem={problem("location")}
      known={draft.location?.label ?? ""}
      onPlace={(place) => {
        if (!place) return set("location", null);
        const { city, countryCode, placeId, label, timezone } = place;
        set("location", { city, countryCode, placeId, label });
        if (!draft.timezone && timezone) set("timezone", timezone);
      }}
    >
      <Seen editor={editor} field="location" />
    </PlaceField>
  );
}

/** Chips of interest. */
export function InterestsSection({ editor }: { editor: Editor }) {
  const { draft, set, problem } = editor;
  const [text, setText] = useState("");
  const { data } = useQuery(interestsQuery(useDeferredValue(text.trim())));
  const chosen = draft.searchInterests;
  const full = chosen.length >= MOST_INTERESTS;
  const has = (label: string) => chosen.some((one) => one.label.toLowerCase() === label.toLowerCase());
  const add = (id: string, label: string) => {
    if (!full && !has(label)) set("searchInterests", [...chosen, { id, label, category: id ? "" : "own" }]);
    setText("");
  };
  const found = (data?.interests ?? []).filter(({ label }) => !has(label)).slice(0, 8);
  return (
    <Section id="searchInterests" title={strings.interests} lead={strings.interestsLead}>
      {chosen.length > 0 && (
        <ul aria-label={strings.chosen} className="flex flex-wrap gap-2">
          {chosen.map((one) => (
            <li key={one.label} className="chip pe-1">
              <bdi>{one.label}</bdi>
              <button
                type="button"
                className="grid size-6 place-items-center rounded-full hover:bg-(--card-over)"
                aria-label={strings.takeOut(one.label)}
                onClick={() => set("searchInterests", chosen.filter(({ label }) => label !== one.label))}
              >
                <X aria-hidden="true" className="size-4" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Suggest
        label={strings.addInterest}
        hint={full ? strings.interestsFull : strings.interestsHint}
        problem={problem("search_interests")}
        text={text}
        onText={setText}
        found={full ? [] : found.map(({ id, label, category }) => ({ id, label, detail: category }))}
        onPick={({ id, label }) => add(id, label)}
        onOwn={(label) => add("", label)}
        maxLength={LONGEST.words}
        disabled={full}
      >
        <span className="ms-auto text-xs text-quiet tabular-nums">
          {chosen.length}/{MOST_INTERESTS}
        </span>
        <Seen editor={editor} field="searchInterests" />
      </Suggest>
    </Section>
  );
}

/** Who sees what, all in one place. */
export function VisibilitySection({ editor }: { editor: Editor }) {
  const { draft, set } = editor;
  return (
    <Section id="visibility" title={strings.visibility} lead={strings.visibilityLead}>
      <Toggle label={strings.hideAll} text={strings.hideAllText} value={draft.hidden} onChange={(on) => set("hidden", on)} />
      <dl className={`grid gap-1 ${draft.hidden ? "opacity-70" : ""}`}>
        {FIELDS.filter((field) => field !== "displayName").map((field) => (
          <div key={field} className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-1 border-t border-line pt-1">
            <dt>{strings.fields[field]}</dt>
            <dd>
              <VisibilityToggle
                worded
                name={strings.fields[field]}
                value={draft.levels[field]}
                onChange={(level) => set("levels", { ...draft.levels, [field]: level })}
              />
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
