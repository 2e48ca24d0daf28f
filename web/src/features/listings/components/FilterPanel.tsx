// SPDX-License-Identifier: AGPL-3.0-or-later
import { type ChangeEvent, type KeyboardEvent, useState } from "react";

import { TagInput } from "@/features/listings/components/TagInput";
import { placeName } from "@/features/listings/model/words";
import { MOST_TAGS, SORTS, STATUSES, type Wanted, tagsOf } from "@/features/listings/model/wanted";
import { strings } from "@/features/listings/strings";
import { allMoney, keepCurrency, read, usualCurrency, written } from "@/lib/money";
import { Field } from "@/ui/Field";
import { Narrowing } from "@/ui/Narrowing";
import { PlaceField } from "@/ui/PlaceField";
import { Select } from "@/ui/Select";

interface Props {
  wanted: Wanted;
  /** One's own are looked at, which may be drafts and closed too. */
  yours: boolean;
  onAsk: (change: Wanted) => void;
}

/** What can narrow the list down, and its order. */
export const FilterPanel = (props: Props) => (
  <Narrowing label={strings.narrow}>
    <Filters {...props} />
  </Narrowing>
);

function Filters({ wanted, yours, onAsk }: Props) {
  const tags = tagsOf(wanted);
  const states = yours ? STATUSES : STATUSES.filter((one) => one === "reserved" || one === "sold");
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <Select
        label={strings.sort}
        value={wanted.sort ?? "new"}
        options={SORTS.map((value) => ({ value, label: strings.sorts[value] }))}
        onChange={(sort) => onAsk(sort === "new" ? { sort: undefined } : { sort, currency: wanted.currency ?? usualCurrency() })}
      />
      <Price wanted={wanted} onAsk={onAsk} />
      <PlaceField
        label={strings.place}
        hint={strings.placeHint}
        known={placeName({ city: wanted.city ?? null, countryCode: wanted.country ?? null })}
        onPlace={(place) => onAsk({ city: place?.city ?? undefined, country: place?.countryCode ?? undefined })}
      />
      <TagInput
        label={strings.tags}
        hint={strings.tagsHint}
        taken={tags}
        full={tags.length >= MOST_TAGS}
        onAdd={(tag) => onAsk({ tags: [...tags, tag].join(",") })}
      />
      <Select
        label={strings.status}
        value={wanted.status ?? "any"}
        options={[
          { value: "any", label: yours ? strings.all : strings.statusAny },
          ...states.map((value) => ({ value, label: strings.statuses[value] })),
        ]}
        onChange={(status) => onAsk({ status: status === "any" ? undefined : status })}
      />
    </div>
  );
}

/** From how much to how much; asked for when one leaves it or presses Enter. */
function Price({ wanted, onAsk }: Omit<Props, "yours">) {
  const money = wanted.currency ?? usualCurrency();
  const shown = (minor: number | undefined) => (minor === undefined ? "" : written(minor, money));
  const [low, setLow] = useState(shown(wanted.min_price));
  const [high, setHigh] = useState(shown(wanted.max_price));
  const [currency, setCurrency] = useState(money);
  // What was taken away or came from elsewhere is seen here too; what is being typed stays.
  const [seen, setSeen] = useState(wanted);
  if (seen !== wanted) {
    setSeen(wanted);
    if (seen.min_price !== wanted.min_price) setLow(shown(wanted.min_price));
    if (seen.max_price !== wanted.max_price) setHigh(shown(wanted.max_price));
    if (wanted.currency && seen.currency !== wanted.currency) setCurrency(wanted.currency);
  }
  const amounts = (code: string) => [low, high].map((text) => (text.trim() ? read(text, code) : undefined));
  const [least, most] = amounts(currency);
  const crossed = typeof least === "number" && typeof most === "number" && least > most;
  const ask = (code: string) => {
    const [from, to] = amounts(code);
    if (from === null || to === null || (from !== undefined && to !== undefined && from > to)) return;
    if (from === wanted.min_price && to === wanted.max_price && code === wanted.currency) return;
    if (from === undefined && to === undefined && !wanted.currency) return;
    onAsk({ min_price: from, max_price: to, currency: code });
  };
  const field = (text: string, set: (text: string) => void) => ({
    inputMode: "decimal" as const,
    autoComplete: "off",
    maxLength: 20,
    value: text,
    onChange: ({ target }: ChangeEvent<HTMLInputElement>) => set(target.value),
    onBlur: () => ask(currency),
    onKeyDown: ({ key }: KeyboardEvent) => key === "Enter" && ask(currency),
  });
  return (
    <div role="group" aria-label={strings.price} className="grid grid-cols-2 items-start gap-2">
      <Field label={strings.lowest} problem={least === null ? strings.notAnAmount : undefined} {...field(low, setLow)} />
      <Field
        label={strings.highest}
        problem={most === null ? strings.notAnAmount : crossed ? strings.crossed : undefined}
        {...field(high, setHigh)}
      />
      <div className="col-span-2">
        <Select
          label={strings.currency}
          value={currency}
          options={allMoney()}
          onChange={(code) => {
            setCurrency(code);
            keepCurrency(code);
            ask(code);
          }}
        />
      </div>
    </div>
  );
}
