// SPDX-License-Identifier: AGPL-3.0-or-later
// What one can do about a listing of one's own: the call, the words afterwards, the way back.
import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { changeListing, deleteListing, listingQuery } from "@/features/listings/api";
import { goesBack } from "@/features/listings/model/moves";
import { strings } from "@/features/listings/strings";
import { addressOf } from "@/lib/person";
import { handleError } from "@/lib/report";
import { useMe } from "@/lib/session";
import { toast } from "@/lib/toasts";
import type { Listing, ListingStatus } from "@/lib/types";

/** Take over what a listing has become; lists and showcases are read anew. */
export function took(client: QueryClient, listing: Listing): Promise<unknown> {
  client.setQueryData(listingQuery(listing.id).queryKey, listing);
  return listsChanged(client);
}

/** Everything that shows listings is read anew. */
const listsChanged = (client: QueryClient): Promise<unknown> =>
  Promise.all([["listings", "found"], ["people"], ["showcase-candidates"]].map((queryKey) => client.invalidateQueries({ queryKey })));

const failed = (error: unknown) => void toast(handleError("listing", error), { tone: "bad" });

/** Another state, or none at all any more. */
export function useListingActions() {
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();

  const move = useMutation({
    mutationFn: ({ listing, to }: { listing: Listing; to: ListingStatus; again?: boolean }) =>
      changeListing(listing.id, { status: to }),
    onSuccess: async (now, { listing, to, again }) => {
      const before = listing.status;
      const back = { label: strings.undo, run: () => move.mutate({ listing: now, to: before, again: true }) };
      const words = before === "draft" ? strings.published : strings.now[to];
      toast(words, goesBack(before, to) && !again ? { action: back } : {});
      await took(client, now);
    },
    onError: failed,
  });

  const remove = useMutation({
    mutationFn: ({ id }: Listing) => deleteListing(id),
    onSuccess: async (_, { id, title }) => {
      toast(strings.removed(title));
      await navigate({ to: "/listings", search: { seller: addressOf(me.userId, me.home) } });
      client.removeQueries({ queryKey: listingQuery(id).queryKey });
      await listsChanged(client);
    },
    onError: failed,
  });

  return { move, remove };
}
