// SPDX-License-Identifier: AGPL-3.0-or-later
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { putCards, showcaseQuery } from "@/features/showcase/api";
import { AddCard } from "@/features/showcase/components/AddCard";
import { CardList } from "@/features/showcase/components/CardList";
import { COLLECTIONS, type Collection, MOST } from "@/features/showcase/model";
import { strings } from "@/features/showcase/strings";
import { handleError } from "@/lib/report";
import { toast } from "@/lib/toasts";
import type { Card } from "@/lib/types";
import { Failure, SkeletonRows } from "@/ui/States";

/** Put up what one likes to show: cards in an order, each change at once where others see it. */
export function ShowcaseBuilder({ user }: { user: string }) {
  const query = useQuery(showcaseQuery(user));
  if (query.isPending) return <SkeletonRows count={2} label={strings.onTheWay} />;
  if (!query.data) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  return <Builder user={user} all={query.data.showcase} />;
}

function Builder({ user, all }: { user: string; all: readonly Card[] }) {
  const client = useQueryClient();
  const [said, setSaid] = useState("");
  const { queryKey } = showcaseQuery(user);
  const putting = useMutation({
    // One after the other: of two at once the older could be kept.
    scope: { id: "showcase" },
    mutationFn: ({ collection, cards }: { collection: Collection; cards: readonly Card[]; words: string }) =>
      putCards(user, collection, cards),
    // Shown before the server has answered, put back if it refuses.
    onMutate: async ({ collection, cards, words }) => {
      await client.cancelQueries({ queryKey });
      const before = client.getQueryData(queryKey);
      const others = all.filter((card) => card.collection !== collection);
      client.setQueryData(queryKey, { showcase: [...others, ...cards] });
      setSaid(words);
      return { before };
    },
    onError: (error, _, context) => {
      if (context?.before) client.setQueryData(queryKey, context.before);
      toast(handleError("showcase", error), { tone: "bad" });
    },
    onSettled: () =>
      Promise.all(["people", "showcase-candidates"].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
  return (
    <>
      {COLLECTIONS.map((collection) => {
        const cards = all.filter((card) => card.collection === collection);
        const put = (next: readonly Card[], words = "") => putting.mutate({ collection, cards: next, words });
        return (
          <div key={collection} className="grid gap-2">
            <h3 className="font-semibold">{strings.of[collection].title}</h3>
            {cards.length > 0 && <CardList label={strings.of[collection].title} cards={cards} onChange={put} />}
            {cards.length < MOST ? (
              <AddCard collection={collection} taken={new Set(cards.map(({ entityId }) => entityId))} onPick={(card) => put([...cards, card], strings.added(card.title))} />
            ) : (
              <p className="text-sm text-quiet">{strings.full}</p>
            )}
          </div>
        );
      })}
      <p role="status" className="sr-only">
        {said}
      </p>
    </>
  );
}
