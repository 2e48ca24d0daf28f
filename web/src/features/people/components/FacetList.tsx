// SPDX-License-Identifier: AGPL-3.0-or-later
import type { Wanted } from "@/features/people/api";
import { strings } from "@/features/people/strings";
import type { Facets } from "@/lib/types";
import { Narrowing } from "@/ui/Narrowing";

interface Props {
  facets: Facets;
  wanted: Wanted;
  onChange: (wanted: Wanted) => void;
}

/** What can narrow the search down, with how many there are of each. */
export function FacetList({ facets, wanted, onChange }: Props) {
  const { interests = [] } = wanted;
  const groups = [
    {
      name: "interests" as const,
      rows: facets.interests.filter(({ value }) => !interests.includes(value)),
      taken: (value: string) => ({ ...wanted, interests: [...interests, value] }),
    },
    { name: "countries" as const, rows: wanted.country ? [] : facets.countries, taken: (country: string) => ({ ...wanted, country }) },
    { name: "locations" as const, rows: wanted.city ? [] : facets.locations, taken: (city: string) => ({ ...wanted, city }) },
    { name: "pronouns" as const, rows: wanted.pronouns ? [] : facets.pronouns, taken: (pronouns: string) => ({ ...wanted, pronouns }) },
    {
      name: "places" as const,
      rows: wanted.place ? [] : facets.places.map(({ id, name, people }) => ({ value: id, label: name ?? "", people })),
      taken: (place: string) => ({ ...wanted, place }),
    },
  ].filter(({ rows }) => rows.length > 0);
  if (groups.length === 0) return null;
  return (
    <Narrowing label={strings.narrow}>
      <div className="grid gap-4">
        {groups.map(({ name, rows, taken }) => (
          <div key={name}>
            <h3 className="mb-1.5 text-sm font-semibold text-quiet">{strings.facets[name]}</h3>
            <ul className="flex flex-wrap gap-1.5">
              {rows.slice(0, 8).map((row) => (
                <li key={row.value}>
                  <button type="button" className="chip" onClick={() => onChange(taken(row.value))}>
                    <bdi>{row.label}</bdi> <span className="text-quiet tabular-nums">{row.people}</span>
                  </button>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </Narrowing>
  );
}
