// SPDX-License-Identifier: AGPL-3.0-or-later
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Bookmark, PenLine, Trash2 } from "lucide-react";
import { useState } from "react";
import { create } from "zustand";

import { forgetSearch, savedQuery, wantedBy } from "@/features/listings/api";
import { chips } from "@/features/listings/components/Chosen";
import { RenameDialog } from "@/features/listings/components/SearchDialogs";
import { Views } from "@/features/listings/components/Views";
import { strings } from "@/features/listings/strings";
import { handleError } from "@/lib/report";
import { relative } from "@/lib/time";
import { toast } from "@/lib/toasts";
import type { SavedSearch } from "@/lib/types";
import { ActionMenu } from "@/ui/ActionMenu";
import { PageHeading } from "@/ui/PageHeading";
import { Failure, Notice, SkeletonRows } from "@/ui/States";
import { strings as ui } from "@/ui/strings";

/** Searches about to be forgotten: hidden at once, told to the server when Undo is over. */
const useLeaving = create<{ ids: readonly string[] }>(() => ({ ids: [] }));
const stay = (id: string) => useLeaving.setState(({ ids }) => ({ ids: ids.filter((one) => one !== id) }));

/** The searches one keeps. */
export function SavedPage() {
  const client = useQueryClient();
  const query = useQuery(savedQuery);
  const leaving = useLeaving(({ ids }) => ids);
  const [renamed, setRenamed] = useState<SavedSearch | null>(null);
  const all = (query.data?.searches ?? []).filter(({ id }) => !leaving.includes(id));
  // A search that came back would be another one to the showcases that show it.
  const forget = ({ id, name }: SavedSearch) => {
    useLeaving.setState(({ ids }) => ({ ids: [...ids, id] }));
    const settle = async () => {
      try {
        await forgetSearch(id);
        await client.invalidateQueries({ queryKey: savedQuery.queryKey });
      } catch (error) {
        toast(handleError("saved search", error), { tone: "bad" });
      }
      stay(id);
    };
    toast(strings.forgotten(name), { action: { label: strings.undo, run: () => stay(id) }, settle: () => void settle() });
  };
  return (
    <>
      <PageHeading title={strings.saved} lead={strings.savedLead} />
      <Views at="saved" />
      {query.isPending && <SkeletonRows count={3} label={ui.onTheWay(strings.saved)} />}
      {query.isError && !query.data && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && all.length === 0 && (
        <div className="glass-panel">
          <Notice icon={Bookmark} title={strings.savedEmpty[0]} text={strings.savedEmpty[1]}>
            <Link to="/listings" className="btn-primary">
              {strings.look}
            </Link>
          </Notice>
        </div>
      )}
      {all.length > 0 && (
        <ul aria-label={strings.saved} className="grid gap-2">
          {all.map((search) => (
            <Row key={search.id} search={search} onRename={() => setRenamed(search)} onForget={() => forget(search)} />
          ))}
        </ul>
      )}
      <RenameDialog search={renamed} onClose={() => setRenamed(null)} />
    </>
  );
}

interface RowProps {
  search: SavedSearch;
  onRename: () => void;
  onForget: () => void;
}

function Row({ search, onRename, onForget }: RowProps) {
  const wanted = wantedBy(search);
  const words = [wanted.q && `“${wanted.q}”`, ...chips(wanted).map(({ label }) => label)].filter(Boolean);
  return (
    <li className="glass-card flex items-center gap-3 px-4 py-3">
      <Bookmark aria-hidden="true" className="size-5 shrink-0 text-accent" />
      <div className="min-w-0 grow">
        <Link to="/listings" search={wanted} className="wrap-anywhere rounded-sm font-bold hover:underline">
          <bdi>{search.name}</bdi>
        </Link>
        <p className="wrap-anywhere text-sm text-quiet">{[...words, relative(search.createdAt)].join(" · ")}</p>
      </div>
      <ActionMenu
        label={strings.more(search.name)}
        actions={[
          { id: "rename", label: strings.rename, icon: PenLine, run: onRename },
          { id: "forget", label: strings.forget, icon: Trash2, tone: "bad", run: onForget },
        ]}
      />
    </li>
  );
}
