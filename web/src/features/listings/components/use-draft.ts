// SPDX-License-Identifier: AGPL-3.0-or-later
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";

import { took } from "@/features/listings/actions";
import { changeListing, listingQuery, postListing } from "@/features/listings/api";
import {
  type Draft, type Kept, blank, changesOf, differing, draftOf, keepDraft, keptDraft, problemsOf, rebased, wholeOf,
} from "@/features/listings/model/draft";
import { strings } from "@/features/listings/strings";
import { ApiError, isRefusal } from "@/lib/api-error";
import { handleError } from "@/lib/report";
import { useMe } from "@/lib/session";
import { toast } from "@/lib/toasts";
import type { Listing } from "@/lib/types";

interface State extends Kept {
  revision: number;
  restored: boolean;
}

/** Where writing begins: with what was left unsaved here, on top of what the listing is now. */
function begin(userId: string, listing: Listing | null): State {
  const base = listing ? draftOf(listing) : blank();
  const kept = keptDraft(userId, listing?.id ?? null);
  const draft = kept ? rebased(kept.base, kept.draft, base) : base;
  const restored = differing(base, draft).length > 0;
  return { base, draft, restored, txn: (restored && kept?.txn) || crypto.randomUUID(), revision: listing?.revision ?? 0 };
}

/** What the form is sent for. */
export type Goal = "draft" | "open" | "same";

/** A listing while it is written: kept in this browser, sent, refused, changed elsewhere meanwhile. */
export function useDraft(listing: Listing | null) {
  const { userId } = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [state, setState] = useState(() => begin(userId, listing));
  const [tried, setTried] = useState(false);
  const sent = useRef(false);
  const { base, draft, txn, revision } = state;
  const id = listing?.id ?? null;
  const dirty = differing(base, draft).length > 0;
  const wrong = problemsOf(draft);

  useEffect(() => {
    if (!sent.current) keepDraft(userId, id, dirty ? { base, draft, txn } : null);
  }, [base, draft, txn, dirty, userId, id]);

  const saving = useMutation({
    mutationFn: (goal: Goal) => {
      const status = goal === "same" ? {} : { status: goal };
      if (!listing) return postListing({ ...wholeOf(draft), ...status, txnId: txn });
      return changeListing(listing.id, { ...changesOf(base, draft), ...status, revision });
    },
    onSuccess: async (now, goal) => {
      sent.current = true;
      keepDraft(userId, id, null);
      toast({ draft: strings.draftKept, open: strings.published, same: strings.changesKept }[goal]);
      await took(client, now);
      await navigate({ to: "/listings/$listing", params: { listing: now.id }, replace: listing === null });
    },
    onError: async (error) => {
      if (!listing || !isRefusal(error, "listing_changed")) return;
      const now = await client.fetchQuery({ ...listingQuery(listing.id), staleTime: 0 });
      const fresh = draftOf(now);
      setState({ base: fresh, draft: rebased(base, draft, fresh), txn, revision: now.revision, restored: false });
      toast(strings.merged);
    },
  });

  const { error } = saving;
  const blamed = error instanceof ApiError ? error.fields[0] : undefined;
  const at = blamed?.field.split(".")[0] ?? "";
  const refused = error && !isRefusal(error, "listing_changed") ? handleError("listing", error) : undefined;

  return {
    draft,
    dirty,
    restored: state.restored,
    busy: saving.isPending,
    set: <Name extends keyof Draft>(part: Name, value: Draft[Name]) =>
      setState((now) => ({ ...now, draft: { ...now.draft, [part]: value } })),
    addImage: (mediaId: string) =>
      setState((now) => ({ ...now, draft: { ...now.draft, images: [...now.draft.images, mediaId] } })),
    startOver: () => setState((now) => ({ ...now, draft: now.base, restored: false })),
    /** Sends it, unless something is missing; says whether it does. */
    save: (goal: Goal): boolean => {
      setTried(true);
      if (Object.keys(wrong).length > 0 || saving.isPending) return false;
      saving.mutate(goal);
      return true;
    },
    /** What is wrong with one field, by its name on the wire. */
    problem: (field: string): string | undefined => {
      if (field === "title" && tried && wrong.title) return strings.needTitle;
      if (field === "price_minor" && wrong.price) return strings.notAnAmount;
      return refused && at === field ? (blamed?.problem ?? refused) : undefined;
    },
    /** What no field of the form is to blame for. */
    refused: refused && !FIELDS.has(at) ? refused : undefined,
  };
}

const FIELDS: ReadonlySet<string> = new Set([
  "title", "description", "price_minor", "currency", "tags", "city", "place_id", "images",
]);
