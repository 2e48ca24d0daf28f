// SPDX-License-Identifier: AGPL-3.0-or-later
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";

import { candidatesQuery } from "@/features/showcase/api";
import type { Collection } from "@/features/showcase/model";
import { strings } from "@/features/showcase/strings";
import type { Card } from "@/lib/types";
import { Suggest } from "@/ui/Suggest";

interface Props {
  collection: Collection;
  /** Ids of what is up already. */
  taken: ReadonlySet<string>;
  onPick: (card: Card) => void;
}

/** Find something to put up. */
export function AddCard({ collection, taken, onPick }: Props) {
  const [text, setText] = useState("");
  const { data } = useQuery(candidatesQuery(collection, useDeferredValue(text.trim())));
  const found = (data?.showcase ?? []).filter(({ entityId }) => !taken.has(entityId));
  const { add, none } = strings.of[collection];
  return (
    <Suggest
      label={add}
      hint={data && found.length === 0 && !text ? none : undefined}
      text={text}
      onText={setText}
      found={found.slice(0, 8).map(({ entityId, title, subtitle }) => ({ id: entityId, label: title, detail: subtitle ?? undefined }))}
      onPick={({ id }) => {
        const card = found.find(({ entityId }) => entityId === id);
        setText("");
        if (card) onPick(card);
      }}
      maxLength={100}
    />
  );
}
