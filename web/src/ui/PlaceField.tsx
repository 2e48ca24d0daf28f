// SPDX-License-Identifier: AGPL-3.0-or-later
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useDeferredValue, useState } from "react";

import { placesQuery } from "@/lib/places";
import type { FoundPlace } from "@/lib/types";
import { Suggest } from "@/ui/Suggest";

interface Props {
  label: string;
  hint?: string;
  problem?: string;
  /** The place that is chosen, in words; empty for none. */
  known: string;
  /** Null takes it away. */
  onPlace: (place: FoundPlace | null) => void;
  /** Beside the label. */
  children?: ReactNode;
}

/** A city or a country, chosen among those that exist. */
export function PlaceField({ known, onPlace, children, ...field }: Props) {
  const [text, setText] = useState<string | null>(null);
  const { data } = useQuery(placesQuery(useDeferredValue(text?.trim() ?? "")));
  const places = text?.trim() ? (data?.places ?? []) : [];
  return (
    <Suggest
      {...field}
      text={text ?? known}
      onText={(next) => {
        setText(next);
        if (!next.trim()) onPlace(null);
      }}
      found={places.map((place, at) => ({ id: String(at), label: place.label, detail: regionOf(place, places) }))}
      onPick={({ id }) => {
        const place = places[Number(id)];
        if (!place) return;
        onPlace(place);
        setText(null);
      }}
      // Only what was picked counts; what was typed and left is put back.
      onLeave={() => setText(null)}
      maxLength={100}
    >
      {children}
    </Suggest>
  );
}

/** Tells places of the same name apart. */
const regionOf = ({ label, region }: FoundPlace, all: readonly FoundPlace[]): string | undefined =>
  all.filter((other) => other.label === label).length > 1 ? (region ?? undefined) : undefined;
