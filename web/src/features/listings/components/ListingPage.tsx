// SPDX-License-Identifier: AGPL-3.0-or-later
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { MapPin, PackageX } from "lucide-react";
import type { ReactNode } from "react";

import { listingQuery } from "@/features/listings/api";
import { Gallery } from "@/features/listings/components/Gallery";
import { StatusTag } from "@/features/listings/components/ListingTile";
import { Moderate } from "@/features/listings/components/Moderate";
import { Own } from "@/features/listings/components/Own";
import { placeName, priceOf } from "@/features/listings/model/words";
import { strings } from "@/features/listings/strings";
import { ApiError } from "@/lib/api-error";
import { addressOf, handleOf, nameOf } from "@/lib/person";
import { useMe } from "@/lib/session";
import { relative } from "@/lib/time";
import type { Listing } from "@/lib/types";
import { Avatar } from "@/ui/Avatar";
import { PageHeading } from "@/ui/PageHeading";
import { Failure, Notice, SkeletonRows } from "@/ui/States";

interface Props {
  id: string;
  /** What one can do about whoever sells it. */
  ask: (listing: Listing) => ReactNode;
}

/** One listing, as one may see it. */
export function ListingPage({ id, ask }: Props) {
  const query = useQuery(listingQuery(id));
  if (query.isPending) return <SkeletonRows count={4} label={strings.onTheWay} />;
  if (!query.data) return <Gone error={query.error} onRetry={() => void query.refetch()} />;
  const listing = query.data;
  const { title, description, mine, status, tags, images, listedAt } = listing;
  const place = placeName(listing);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <Gallery key={listing.id} title={title} images={images} />
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 lg:row-span-2">
        <section className="glass-panel min-w-0 p-5">
          <PageHeading own title={title} />
          <div className="-mt-2 flex flex-wrap items-center gap-x-3 gap-y-1">
            <p className="text-xl font-extrabold text-accent">{priceOf(listing) ?? <span className="text-base font-semibold text-quiet">{strings.noPrice}</span>}</p>
            <StatusTag status={status} />
          </div>
          <p className="mt-3 flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-quiet">
            {place && (
              <span className="inline-flex items-center gap-1">
                <MapPin aria-hidden="true" className="size-4 shrink-0" /> {place} ·
              </span>
            )}
            <time dateTime={listedAt}>{strings.listed(relative(listedAt))}</time>
          </p>
          {tags.length > 0 && (
            <ul aria-label={strings.tags} className="mt-3 flex flex-wrap gap-2">
              {tags.map((tag) => (
                <li key={tag}>
                  <Link to="/listings" search={{ tags: tag }} className="chip">
                    #{tag}
                  </Link>
                </li>
              ))}
            </ul>
          )}
          {status !== "open" && !mine && <p className="mt-4 font-semibold">{status === "closed" ? strings.closedForStaff : strings.lines[status]}</p>}
          {mine && <Own listing={listing} />}
        </section>
        {!mine && <Seller listing={listing}>{ask(listing)}</Seller>}
        {!mine && <Moderate listing={listing} />}
      </div>
      <section aria-labelledby="description" className="glass-panel min-w-0 p-5">
        <h2 id="description" className="mb-2 text-lg font-bold">
          {strings.about}
        </h2>
        {description ? (
          <p className="wrap-anywhere max-w-[75ch] whitespace-pre-line">{description}</p>
        ) : (
          <p className="text-quiet">{strings.noWords}</p>
        )}
      </section>
    </div>
  );
}

function Seller({ listing: { seller }, children }: { listing: Listing; children: ReactNode }) {
  const { home } = useMe();
  const user = addressOf(seller.userId, home);
  return (
    <section aria-labelledby="seller" className="glass-panel grid min-w-0 gap-4 p-5">
      <h2 id="seller" className="text-lg font-bold">
        {strings.seller}
      </h2>
      <div className="flex items-center gap-3">
        <Avatar person={seller} size={48} />
        <div className="wrap-anywhere min-w-0">
          <Link to="/profile/$user" params={{ user }} className="rounded-sm font-bold hover:underline">
            <bdi>{nameOf(seller)}</bdi>
          </Link>
          <p className="text-sm text-quiet"><bdi>{handleOf(seller.userId, home)}</bdi></p>
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-2">{children}</div>
      <Link to="/listings" search={{ seller: user }} className="link justify-self-start text-sm">
        {strings.others(nameOf(seller))}
      </Link>
    </section>
  );
}

/** A listing that is not there, or that could not be fetched. */
export function Gone({ error, onRetry }: { error: Error | null; onRetry: () => void }) {
  const gone = error instanceof ApiError && [400, 404].includes(error.status);
  return (
    <>
      <PageHeading title={strings.gone} />
      <div className="glass-panel">
        {gone ? (
          <Notice icon={PackageX} title={strings.goneTitle} text={strings.goneText}>
            <Link to="/listings" className="btn-secondary">
              {strings.toAll}
            </Link>
          </Notice>
        ) : (
          <Failure error={error} onRetry={onRetry} />
        )}
      </div>
    </>
  );
}
