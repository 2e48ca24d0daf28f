// SPDX-License-Identifier: AGPL-3.0-or-later
import { X } from "lucide-react";

import { countryName } from "@/features/listings/model/words";
import { type Wanted, tagsOf } from "@/features/listings/model/wanted";
import { strings } from "@/features/listings/strings";
import { amount } from "@/lib/money";

interface Props {
  wanted: Wanted;
  /** One's own are looked at: that is a page, not a filter. */
  yours: boolean;
  onAsk: (change: Wanted) => void;
}

/** What has been chosen, each to be taken away again. */
export function Chosen({ wanted, yours, onAsk }: Props) {
  const chosen = chips(wanted, yours);
  if (chosen.length === 0) return null;
  return (
    <ul aria-label={strings.chosen} className="mb-3 flex flex-wrap gap-2">
      {chosen.map(({ label, without }) => (
        <li key={label} className="chip pe-1">
          {label}
          <button
            type="button"
            className="grid size-6 place-items-center rounded-full hover:bg-(--card-over)"
            aria-label={strings.takeAway(label)}
            onClick={() => onAsk(without)}
          >
            <X aria-hidden="true" className="size-4" />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** A search in the words of its filters, without those that are typed. */
export const chips = (wanted: Wanted, yours = false): readonly { label: string; without: Wanted }[] => {
  const { min_price: low, max_price: high, currency = "EUR", country, city, seller, status, sort } = wanted;
  const tags = tagsOf(wanted);
  return [
    ...tags.map((tag) => ({ label: `#${tag}`, without: { tags: tags.filter((one) => one !== tag).join(",") } })),
    ...(low === undefined ? [] : [{ label: strings.atLeast(amount(low, currency)), without: { min_price: undefined } }]),
    ...(high === undefined ? [] : [{ label: strings.atMost(amount(high, currency)), without: { max_price: undefined } }]),
    ...(city || country
      ? [{ label: [city, country && countryName(country)].filter(Boolean).join(", "), without: { city: undefined, country: undefined } }]
      : []),
    ...(seller && !yours ? [{ label: strings.by(seller), without: { seller: undefined } }] : []),
    ...(status ? [{ label: strings.statuses[status], without: { status: undefined } }] : []),
    ...(sort ? [{ label: strings.sorts[sort], without: { sort: undefined } }] : []),
  ];
};
