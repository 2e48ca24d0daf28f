// SPDX-License-Identifier: AGPL-3.0-or-later
import { X } from "lucide-react";
import { type FormEvent, type ReactNode, useId, useRef } from "react";

import { ImagesField } from "@/features/listings/components/ImagesField";
import { TagInput } from "@/features/listings/components/TagInput";
import { type Goal, useDraft } from "@/features/listings/components/use-draft";
import { usePictures } from "@/features/listings/components/use-pictures";
import { LONGEST } from "@/features/listings/model/draft";
import { MOST_TAGS } from "@/features/listings/model/wanted";
import { strings } from "@/features/listings/strings";
import { allMoney, keepCurrency } from "@/lib/money";
import type { Listing } from "@/lib/types";
import { Area } from "@/ui/Area";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { PlaceField } from "@/ui/PlaceField";
import { Select } from "@/ui/Select";

/** Write a listing, or change one. */
export function ListingForm({ listing }: { listing: Listing | null }) {
  const form = useRef<HTMLFormElement>(null);
  const editor = useDraft(listing);
  const pictures = usePictures(editor.addImage);
  const { draft, set, problem } = editor;
  const unpublished = listing === null || listing.status === "draft";
  const send = (goal: Goal) => {
    if (pictures.busy || editor.save(goal)) return;
    // Drawn first, then gone to: what is wrong with it is told with it.
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus());
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(unpublished ? "open" : "same");
  };
  return (
    <form ref={form} noValidate onSubmit={submit} className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {editor.restored && (
        <div className="glass-subtle flex flex-wrap items-center justify-between gap-2 px-4 py-2">
          <p role="status" className="text-sm font-medium">
            {strings.restored}
          </p>
          <Button small onPress={editor.startOver}>
            {strings.startOver}
          </Button>
        </div>
      )}
      <Part title={strings.what}>
        <Field
          label={strings.name}
          hint={strings.nameHint}
          problem={problem("title")}
          value={draft.title}
          onChange={(event) => set("title", event.target.value)}
          maxLength={LONGEST.title}
          counted
          autoComplete="off"
        />
        <Area
          label={strings.description}
          hint={strings.descriptionHint}
          problem={problem("description")}
          value={draft.description}
          onChange={(event) => set("description", event.target.value)}
          maxLength={LONGEST.description}
        />
        <Tags tags={draft.tags} problem={problem("tags")} onChange={(tags) => set("tags", tags)} />
      </Part>
      <Part title={strings.pictures}>
        <ImagesField
          images={draft.images}
          coming={pictures.coming}
          onAdd={pictures.add}
          onDismiss={pictures.dismiss}
          onChange={(images) => set("images", images)}
        />
        {problem("images") && <p className="text-sm font-medium text-bad">{problem("images")}</p>}
      </Part>
      <Part title={strings.priceTitle}>
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <Field
            label={strings.priceLabel}
            hint={strings.priceHint}
            problem={problem("price_minor")}
            inputMode="decimal"
            autoComplete="off"
            maxLength={20}
            value={draft.price}
            onChange={(event) => set("price", event.target.value)}
          />
          <Select
            label={strings.currency}
            value={draft.currency}
            options={allMoney()}
            onChange={(code) => {
              keepCurrency(code);
              set("currency", code);
            }}
          />
        </div>
        <PlaceField
          label={strings.place}
          hint={strings.placeHint}
          problem={problem("place_id") ?? problem("city")}
          known={draft.place?.label ?? ""}
          onPlace={(place) =>
            set("place", place && { placeId: place.placeId, city: place.city, countryCode: place.countryCode, label: place.label })
          }
        />
      </Part>
      <div className="flex flex-wrap items-center justify-end gap-2">
        <p role="status" className="grow text-sm font-medium">
          {pictures.busy ? strings.waitPictures : editor.refused && <span className="text-bad">{editor.refused}</span>}
        </p>
        {listing && editor.dirty && <Button onPress={editor.startOver}>{strings.discard}</Button>}
        {unpublished && (
          <Button isDisabled={pictures.busy} onPress={() => send(listing ? "same" : "draft")}>
            {strings.keepDraft}
          </Button>
        )}
        <Button type="submit" look="primary" busy={editor.busy} isDisabled={pictures.busy}>
          {unpublished ? strings.publish : strings.save}
        </Button>
      </div>
    </form>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="glass-panel grid min-w-0 grid-cols-[minmax(0,1fr)] gap-5 p-5">
      <h2 id={id} className="text-lg font-bold">
        {title}
      </h2>
      {children}
    </section>
  );
}

interface TagsProps {
  tags: readonly string[];
  problem: string | undefined;
  onChange: (tags: readonly string[]) => void;
}

function Tags({ tags, problem, onChange }: TagsProps) {
  const full = tags.length >= MOST_TAGS;
  return (
    <div className="grid gap-2">
      <TagInput
        label={strings.addTag}
        hint={full ? strings.tagsFull : strings.tagsHint}
        problem={problem}
        taken={tags}
        full={full}
        onAdd={(tag) => onChange([...tags, tag])}
      >
        <span className="ms-auto text-xs text-quiet tabular-nums">
          {tags.length}/{MOST_TAGS}
        </span>
      </TagInput>
      {tags.length > 0 && (
        <ul aria-label={strings.tagsChosen} className="flex flex-wrap gap-2">
          {tags.map((tag) => (
            <li key={tag} className="chip pe-1">
              #{tag}
              <button
                type="button"
                className="grid size-6 place-items-center rounded-full hover:bg-(--card-over)"
                aria-label={strings.takeOut(tag)}
                onClick={() => onChange(tags.filter((one) => one !== tag))}
              >
                <X aria-hidden="true" className="size-4" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
