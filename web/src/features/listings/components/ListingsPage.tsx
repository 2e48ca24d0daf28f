// SPDX-License-Identifier: AGPL-3.0-or-later
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Bookmark, BookmarkCheck, PackageOpen, Plus, SearchX } from "lucide-react";
import { useEffect, useState } from "react";

import { listingsQuery, savedQuery, wantedBy } from "@/features/listings/api";
import { FilterPanel } from "@/features/listings/components/FilterPanel";
import { Chosen } from "@/features/listings/components/Chosen";
import { KeepDialog } from "@/features/listings/components/SearchDialogs";
import { AwaitedTiles, ListingTile } from "@/features/listings/components/ListingTile";
import { Views } from "@/features/listings/components/Views";
import { type Wanted, changed, isAsking, same } from "@/features/listings/model/wanted";
import { strings } from "@/features/listings/strings";
import { addressOf } from "@/lib/person";
import { useMe } from "@/lib/session";
import { Button } from "@/ui/Button";
import { PageHeading } from "@/ui/PageHeading";
import { Paged } from "@/ui/Paged";
import { SearchBox } from "@/ui/SearchBox";
import { Notice } from "@/ui/States";
import { strings as ui } from "@/ui/strings";

/** Milliseconds after the last letter. */
const REST = 300;

/** What is offered; what is asked for stands in the address. */
export function ListingsPage({ wanted }: { wanted: Wanted }) {
  const me = useMe();
  const navigate = useNavigate();
  const query = useInfiniteQuery(listingsQuery(wanted));
  const yours = wanted.seller === me.userId || wanted.seller === addressOf(me.userId, me.home);
  const ask = (change: Wanted) => void navigate({ to: "/listings", search: changed(wanted, change), replace: true });
  return (
    <>
      <PageHeading title={yours ? strings.yours : strings.title} lead={yours ? strings.yoursLead : strings.lead}>
        <Link to="/listings/new" className="btn-primary">
          <Plus aria-hidden="true" className="size-4.5" /> {strings.add}
        </Link>
      </PageHeading>
      <Views at={yours ? "yours" : "all"} />
      <div className="mb-4 flex flex-wrap gap-2">
        <Words wanted={wanted} onAsk={ask} />
        {isAsking(wanted) && !yours && <Keep wanted={wanted} />}
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,1fr)_17rem]">
        <section aria-label={strings.found} className="min-w-0">
          <Chosen wanted={wanted} yours={yours} onAsk={ask} />
          <Paged
            query={query}
            items={(page) => page.listings}
            label={strings.found}
            awaited={<AwaitedTiles label={ui.onTheWay(strings.found)} />}
            className="listing-tiles"
            empty={<Empty wanted={wanted} yours={yours} />}
          >
            {(listing) => <ListingTile key={listing.id} listing={listing} />}
          </Paged>
        </section>
        <FilterPanel wanted={wanted} yours={yours} onAsk={ask} />
      </div>
    </>
  );
}

interface AskProps {
  wanted: Wanted;
  onAsk: (change: Wanted) => void;
}

function Words({ wanted, onAsk }: AskProps) {
  const [text, setText] = useState(wanted.q ?? "");
  // Somebody went back, or took a filter away: the field says what is asked for.
  const [asked, setAsked] = useState(wanted.q ?? "");
  if (asked !== (wanted.q ?? "")) {
    setAsked(wanted.q ?? "");
    if (text.trim() === asked) setText(wanted.q ?? "");
  }
  useEffect(() => {
    const q = text.trim();
    if (q === asked) return undefined;
    const waiting = setTimeout(() => onAsk({ q: q || undefined }), REST);
    return () => clearTimeout(waiting);
  }, [text, asked, onAsk]);
  return (
    <SearchBox
      className="min-w-0 grow basis-60"
      label={strings.find}
      placeholder={strings.placeholder}
      maxLength={100}
      text={text}
      onText={setText}
    />
  );
}

/** Keeps what is asked for, or says that it is kept. */
function Keep({ wanted }: { wanted: Wanted }) {
  const { data } = useQuery(savedQuery);
  const [open, setOpen] = useState(false);
  if (!data) return null;
  const known = data.searches.find((one) => same(wantedBy(one), wanted));
  if (known) {
    return (
      <Link to="/listings/saved" className="btn-ghost px-3">
        <BookmarkCheck aria-hidden="true" className="size-4.5 text-accent" /> {strings.kept(known.name)}
      </Link>
    );
  }
  return (
    <>
      <Button onPress={() => setOpen(true)}>
        <Bookmark aria-hidden="true" className="size-4.5" /> {strings.keep}
      </Button>
      <KeepDialog wanted={wanted} open={open} onClose={() => setOpen(false)} />
    </>
  );
}

function Empty({ wanted, yours }: { wanted: Wanted; yours: boolean }) {
  const { seller: _, ...rest } = wanted;
  const narrowed = isAsking(yours ? rest : wanted);
  const [title, text] = narrowed ? strings.none : yours ? strings.yoursEmpty : strings.empty;
  return (
    <div className="glass-panel">
      <Notice icon={narrowed ? SearchX : PackageOpen} title={title} text={text}>
        {narrowed ? (
          <Link to="/listings" search={yours ? { seller: wanted.seller } : {}} className="btn-secondary">
            {strings.clear}
          </Link>
        ) : (
          <Link to="/listings/new" className="btn-secondary">
            {strings.add}
          </Link>
        )}
      </Notice>
    </div>
  );
}
