// SPDX-License-Identifier: AGPL-3.0-or-later
// Listings, and what one can do about whoever sells something.
import { useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";

import { CallToAction } from "@/features/connections/components/CallToAction";
import { EditListingPage, ListingPage, ListingsPage } from "@/features/listings/pages";
import { strings } from "@/features/listings/strings";
import { profileQuery } from "@/features/profile/api";
import { addressOf } from "@/lib/person";
import { useMe } from "@/lib/session";
import type { Listing as Shown } from "@/lib/types";

export { NewListingPage as NewListing, SavedPage as Saved } from "@/features/listings/pages";

/** The page at `/listings`. */
export function Listings() {
  const wanted = useSearch({ from: "/inside/pages/listings" });
  return <ListingsPage wanted={wanted} />;
}

/** The page at `/listings/…`. */
export function Listing() {
  const { listing } = useParams({ from: "/inside/pages/listings/$listing" });
  return <ListingPage id={listing} ask={ask} />;
}

const ask = (shown: Shown) => <Ask listing={shown} />;

/** The page at `/listings/…/edit`. */
export function Edit() {
  const { listing } = useParams({ from: "/inside/pages/listings/$listing/edit" });
  return <EditListingPage id={listing} />;
}

/** Only friends write to one another: the way to a stranger's listing is a request that names it. */
function Ask({ listing: { seller, title, status } }: { listing: Shown }) {
  const { home } = useMe();
  const { data } = useQuery(profileQuery(addressOf(seller.userId, home)));
  if (!data?.relationship) return null;
  const about = status === "open" || status === "reserved" ? { label: strings.ask, note: strings.askNote(title) } : undefined;
  return <CallToAction relationship={data.relationship} about={about} />;
}
