// SPDX-License-Identifier: AGPL-3.0-or-later
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { UserRoundSearch, X } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";

import { type Wanted, facetsQuery, isAsking, searchQuery } from "@/features/people/api";
import { FacetList } from "@/features/people/components/FacetList";
import { strings } from "@/features/people/strings";
import { sharedOf } from "@/lib/shared";
import type { Facets, FoundPerson } from "@/lib/types";
import { PageHeading } from "@/ui/PageHeading";
import { Paged } from "@/ui/Paged";
import { PersonRow } from "@/ui/PersonRow";
import { SearchBox } from "@/ui/SearchBox";
import { Notice } from "@/ui/States";

/** Milliseconds after the last letter. */
const REST = 300;

interface Props {
  wanted: Wanted;
  /** What one can do about somebody found. */
  actions: (person: FoundPerson) => ReactNode;
  /** What stands there while nothing is asked for. */
  beginning: ReactNode;
}

/** Look for people; what is asked stands in the address. */
export function PeoplePage({ wanted, actions, beginning }: Props) {
  const navigate = useNavigate();
  const [text, setText] = useState(wanted.q ?? "");
  const query = useInfiniteQuery(searchQuery(wanted));
  const facets = useQuery(facetsQuery(wanted)).data;
  const ask = (next: Wanted) => void navigate({ to: "/people", search: next, replace: true });
  useEffect(() => {
    const q = text.trim();
    if (q === (wanted.q ?? "")) return undefined;
    const waiting = setTimeout(() => {
      const { q: _, ...rest } = wanted;
      void navigate({ to: "/people", search: q ? { ...rest, q } : rest, replace: true });
    }, REST);
    return () => clearTimeout(waiting);
  }, [text, wanted, navigate]);
  const asking = isAsking(wanted);
  return (
    <>
      <PageHeading title={strings.title} lead={strings.lead} />
      <SearchBox className="mb-4" label={strings.find} placeholder={strings.placeholder} maxLength={100} text={text} onText={setText} />
      <Filters wanted={wanted} facets={facets} onChange={ask} />
      {asking ? (
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,1fr)_16rem]">
          <section aria-label={strings.found}>
            <p role="status" className="mb-2 text-sm text-quiet">
              {facets && strings.count(facets.people)}
            </p>
            <Paged
              query={query}
              items={(page) => page.people}
              label={strings.found}
              empty={<Notice icon={UserRoundSearch} title={strings.none[0]} text={strings.none[1]} />}
            >
              {(person) => (
                <PersonRow key={person.userId} person={person} detail={<Said person={person} />}>
                  {actions(person)}
                </PersonRow>
              )}
            </Paged>
          </section>
          {facets && <FacetList facets={facets} wanted={wanted} onChange={ask} />}
        </div>
      ) : (
        <>
          <Notice icon={UserRoundSearch} title={strings.start[0]} text={strings.start[1]} />
          {beginning}
        </>
      )}
    </>
  );
}

function Said({ person }: { person: FoundPerson }) {
  const facts = [person.pronouns, person.location, sharedOf(person)].filter(Boolean).join(" · ");
  return (
    <>
      {facts}
      {person.interests.length > 0 && (
        <span className="mt-1.5 flex flex-wrap gap-1.5">
          {person.interests.slice(0, 5).map((label) => (
            <span key={label} className="tag">
              <bdi>{label}</bdi>
            </span>
          ))}
        </span>
      )}
    </>
  );
}

interface FiltersProps {
  wanted: Wanted;
  facets: Facets | undefined;
  onChange: (wanted: Wanted) => void;
}

/** What has been chosen, each to be taken away again. */
function Filters({ wanted, facets, onChange }: FiltersProps) {
  const { q: _words, interests = [], ...rest } = wanted;
  const label = (kind: string, value: string): string => {
    const found = {
      country: facets?.countries,
      city: facets?.locations,
      pronouns: facets?.pronouns,
      interests: facets?.interests,
    }[kind]?.find((one) => one.value === value);
    return found?.label ?? (kind === "place" ? facets?.places.find(({ id }) => id === value)?.name : null) ?? value.replace(/^own:/, "");
  };
  const chosen = [
    ...Object.entries(rest).map(([kind, value]) => {
      const { [kind as keyof typeof rest]: _, ...without } = wanted;
      return { label: label(kind, String(value)), without };
    }),
    ...interests.map((id) => ({
      label: label("interests", id),
      without: { ...wanted, interests: interests.length > 1 ? interests.filter((one) => one !== id) : undefined },
    })),
  ];
  if (chosen.length === 0) return null;
  return (
    <ul aria-label={strings.chosen} className="mb-4 flex flex-wrap gap-2">
      {chosen.map((one) => (
        <li key={one.label} className="chip pe-1">
          <bdi>{one.label}</bdi>
          <button
            type="button"
            className="grid size-6 place-items-center rounded-full hover:bg-(--card-over)"
            aria-label={strings.takeAway(one.label)}
            onClick={() => onChange(one.without)}
          >
            <X aria-hidden="true" className="size-4" />
          </button>
        </li>
      ))}
    </ul>
  );
}
