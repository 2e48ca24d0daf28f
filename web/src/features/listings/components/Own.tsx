// SPDX-License-Identifier: AGPL-3.0-or-later
import { Link } from "@tanstack/react-router";
import { Archive, BadgeCheck, Hourglass, type LucideIcon, PenLine, RotateCcw, ShieldAlert, Trash2 } from "lucide-react";
import { useState } from "react";

import { useListingActions } from "@/features/listings/actions";
import { NEXT } from "@/features/listings/model/moves";
import { strings } from "@/features/listings/strings";
import type { Listing, ListingStatus } from "@/lib/types";
import { ActionMenu, type MenuAction } from "@/ui/ActionMenu";
import { Button } from "@/ui/Button";
import { Ask } from "@/ui/Dialog";

const WORDS: Readonly<Record<Exclude<ListingStatus, "draft">, { word: "reopen" | "reserve" | "sell" | "close"; icon: LucideIcon }>> = {
  open: { word: "reopen", icon: RotateCcw },
  reserved: { word: "reserve", icon: Hourglass },
  sold: { word: "sell", icon: BadgeCheck },
  closed: { word: "close", icon: Archive },
};

/** How a listing of one's own stands, and what can be done about it. */
export function Own({ listing }: { listing: Listing }) {
  const [asking, setAsking] = useState(false);
  const { move, remove } = useListingActions();
  const { id, title, status, own } = listing;
  const stuck = own?.closedByStaff === true;
  const moves = stuck ? [] : NEXT[status].map((to): MenuAction => ({ id: to, label: strings[WORDS[to].word], icon: WORDS[to].icon, run: () => move.mutate({ listing, to }) }));
  const [next] = moves;
  return (
    <div className="mt-4 grid gap-3 border-t border-line pt-4">
      {stuck && (
        <p className="glass-subtle wrap-anywhere flex items-center gap-2.5 px-4 py-2.5 font-semibold">
          <ShieldAlert aria-hidden="true" className="size-5 shrink-0 text-bad" />
          <span>
            {strings.closedByStaff} {own.closeReason && strings.closedWhy(own.closeReason)}
          </span>
        </p>
      )}
      {status !== "open" && !stuck && <p className="font-semibold">{strings.lines[status]}</p>}
      <div className="flex flex-wrap items-center gap-2">
        <Link to="/listings/$listing/edit" params={{ listing: id }} className="btn-secondary">
          <PenLine aria-hidden="true" className="size-4" /> {strings.edit}
        </Link>
        {status === "draft" && (
          <Button look="primary" busy={move.isPending} onPress={() => move.mutate({ listing, to: "open" })}>
            {strings.publish}
          </Button>
        )}
        {next && (status === "sold" || status === "closed") && (
          <Button look="primary" busy={move.isPending} onPress={next.run}>
            {next.label}
          </Button>
        )}
        <ActionMenu
          label={strings.more(title)}
          actions={[...moves, { id: "remove", label: strings.remove, icon: Trash2, tone: "bad", run: () => setAsking(true) }]}
        />
      </div>
      <Ask
        title={strings.removeTitle}
        text={strings.removeText}
        confirm={strings.remove}
        open={asking}
        busy={remove.isPending}
        onConfirm={() => remove.mutate(listing)}
        onClose={() => setAsking(false)}
      />
    </div>
  );
}
