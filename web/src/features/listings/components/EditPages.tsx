// SPDX-License-Identifier: AGPL-3.0-or-later
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Lock } from "lucide-react";

import { listingQuery } from "@/features/listings/api";
import { ListingForm } from "@/features/listings/components/ListingForm";
import { Gone } from "@/features/listings/components/ListingPage";
import { strings } from "@/features/listings/strings";
import { PageHeading } from "@/ui/PageHeading";
import { Notice, SkeletonRows } from "@/ui/States";
import { strings as ui } from "@/ui/strings";

/** Offer something. */
export function NewListingPage() {
  return (
    <>
      <PageHeading title={strings.newTitle} lead={strings.newLead} />
      <ListingForm listing={null} />
    </>
  );
}

/** Change what one offers. */
export function EditListingPage({ id }: { id: string }) {
  const query = useQuery(listingQuery(id));
  if (query.isPending) return <SkeletonRows label={strings.onTheWay} />;
  if (!query.data) return <Gone error={query.error} onRetry={() => void query.refetch()} />;
  const listing = query.data;
  return (
    <>
      <PageHeading title={strings.editTitle} windowTitle={`${strings.editTitle}: ${listing.title}`} lead={listing.title}>
        <Link to="/listings/$listing" params={{ listing: id }} className="btn-secondary">
          {ui.back}
        </Link>
      </PageHeading>
      {listing.mine ? (
        <ListingForm key={listing.id} listing={listing} />
      ) : (
        <div className="glass-panel">
          <Notice icon={Lock} title={strings.notYours[0]} text={strings.notYours[1]} />
        </div>
      )}
    </>
  );
}
