// SPDX-License-Identifier: AGPL-3.0-or-later
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { changeProfile, profileQuery } from "@/features/profile/api";
import {
  type Draft, type Part, changed, changesOf, clashes, draftOf, keepDraft, keptDraft, rebased,
} from "@/features/profile/model/draft";
import { strings } from "@/features/profile/strings";
import { ApiError, isRefusal } from "@/lib/api-error";
import { sessionQuery } from "@/lib/session";
import { toast } from "@/lib/toasts";
import type { Profile } from "@/lib/types";

interface State {
  base: Draft;
  draft: Draft;
  revision: number;
}

const revisionOf = (profile: Profile): number => profile.mine?.revision ?? 0;

/** Where editing begins: with what was left unsaved here, on top of what the profile is now. */
function begin(profile: Profile): State & { restored: boolean } {
  const base = draftOf(profile);
  const kept = keptDraft(profile.userId);
  const draft = kept ? rebased(kept.base, kept.draft, base) : base;
  return { base, draft, revision: revisionOf(profile), restored: changed(base, draft).length > 0 };
}

/** The draft of one's own profile: changed, kept in this browser, saved, in conflict. */
export function useEditor(user: string, profile: Profile) {
  const client = useQueryClient();
  const [{ base, draft, revision, restored }, setState] = useState(() => begin(profile));
  const [conflict, setConflict] = useState<Profile | null>(null);
  const parts = changed(base, draft);
  const dirty = parts.length > 0;

  useEffect(() => keepDraft(profile.userId, dirty ? { base, draft } : null), [base, draft, dirty, profile.userId]);

  const took = (now: Profile) => {
    client.setQueryData(profileQuery(user).queryKey, now);
    void client.invalidateQueries({ queryKey: ["people"] });
    void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  };
  const saving = useMutation({
    mutationFn: (at: number) => changeProfile(user, { ...changesOf(base, draft), revision: at }),
    onSuccess: (now) => {
      took(now);
      setConflict(null);
      setState({ base: draftOf(now), draft: draftOf(now), revision: revisionOf(now), restored: false });
      toast(strings.saved);
    },
    onError: async (error) => {
      if (!isRefusal(error, "profile_changed")) return;
      const now = await client.fetchQuery({ ...profileQuery(user), staleTime: 0 });
      const fresh = draftOf(now);
      // Nothing that both have touched: one's own changes simply go on top.
      if (clashes(base, draft, fresh).length > 0) return setConflict(now);
      setState({ base: fresh, draft: rebased(base, draft, fresh), revision: revisionOf(now), restored: false });
      toast(strings.merged);
    },
  });

  const set = <Name extends Part>(part: Name, value: Draft[Name]) =>
    setState((state) => ({ ...state, draft: { ...state.draft, [part]: value } }));

  return {
    base,
    draft,
    dirty,
    restored,
    conflict,
    clashing: conflict ? clashes(base, draft, draftOf(conflict)) : [],
    set,
    busy: saving.isPending,
    save: () => saving.mutate(revision),
    discard: () => setState((state) => ({ ...state, draft: state.base, restored: false })),
    /** After a conflict: one's own changes on top of the other's, to be saved with them. */
    keepMine: () => {
      if (!conflict) return;
      const fresh = draftOf(conflict);
      setState({ base: fresh, draft: rebased(base, draft, fresh), revision: revisionOf(conflict), restored: false });
      setConflict(null);
    },
    takeTheirs: () => {
      if (!conflict) return;
      const fresh = draftOf(conflict);
      setState({ base: fresh, draft: fresh, revision: revisionOf(conflict), restored: false });
      setConflict(null);
    },
    closeConflict: () => setConflict(null),
    /** What is wrong with one field; `""` for what no field is to blame for. */
    problem: problemOf(saving.error),
  };
}

export type Editor = ReturnType<typeof useEditor>;

function problemOf(error: Error | null): (field: string) => string | undefined {
  return (field) => {
    if (!(error instanceof ApiError) || error.code === "profile_changed") return undefined;
    const blamed = error.fields[0];
    return (blamed?.field.split(".")[0] ?? "") === field ? (blamed?.problem ?? error.sentence) : undefined;
  };
}
