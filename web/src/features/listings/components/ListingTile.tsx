// SPDX-License-Identifier: AGPL-3.0-or-later
import { Link } from "@tanstack/react-router";
import { ImageOff, MapPin, Package } from "lucide-react";
import { useState } from "react";

import { placeName, priceOf } from "@/features/listings/model/words";
import { strings } from "@/features/listings/strings";
import { nameOf } from "@/lib/person";
import { relative } from "@/lib/time";
import type { ListingCard, ListingStatus } from "@/lib/types";

interface PictureProps {
  src: string | undefined;
  alt: string;
  fit: "cover" | "contain";
}

/** A picture in a box of a fixed shape, so that nothing jumps; a sign where there is none. */
export function Picture({ src, alt, fit }: PictureProps) {
  const [broken, setBroken] = useState<string | null>(null);
  const Icon = src ? ImageOff : Package;
  return (
    <div className="listing-picture">
      {src && src !== broken ? (
        <img
          src={src}
          alt={alt}
          loading="lazy"
          decoding="async"
          className={`absolute inset-0 size-full ${fit === "cover" ? "object-cover" : "object-contain"}`}
          onError={() => setBroken(src)}
        />
      ) : (
        <Icon aria-hidden="true" className="size-10 text-quiet" />
      )}
    </div>
  );
}

/** Where a listing stands, unless it is simply open. */
export function StatusTag({ status }: { status: ListingStatus }) {
  if (status === "open") return null;
  const tone = { draft: "", reserved: "text-accent", sold: "text-pink", closed: "" }[status];
  return <span className={`tag ${tone}`}>{strings.statuses[status]}</span>;
}

/** One listing in a list. */
export function ListingTile({ listing }: { listing: ListingCard }) {
  const { id, title, excerpt, image, seller, status, listedAt, mine } = listing;
  const place = placeName(listing);
  return (
    <li className="listing-tile glass-card">
      <Picture src={image?.urls["320"]} alt="" fit="cover" />
      <div className="flex min-w-0 grow flex-col gap-1 p-3.5">
        <div className="flex flex-wrap items-center justify-between gap-x-2 gap-y-1">
          <span className="text-lg font-extrabold">{priceOf(listing) ?? <span className="text-sm font-semibold text-quiet">{strings.noPrice}</span>}</span>
          <StatusTag status={status} />
        </div>
        <h2 className="wrap-anywhere line-clamp-2 font-bold">
          <Link to="/listings/$listing" params={{ listing: id }} className="rounded-sm after:absolute after:inset-0 hover:underline">
            <bdi>{title}</bdi>
          </Link>
        </h2>
        {excerpt && <p className="wrap-anywhere line-clamp-2 text-sm text-quiet"><bdi>{excerpt}</bdi></p>}
        <p className="mt-auto flex flex-wrap items-center gap-x-1.5 pt-1 text-xs text-quiet">
          {place && (
            <span className="inline-flex items-center gap-1">
              <MapPin aria-hidden="true" className="size-3.5 shrink-0" /> <bdi>{place}</bdi> ·
            </span>
          )}
          <span>
            {mine ? strings.you : <bdi>{nameOf(seller)}</bdi>} · {relative(listedAt)}
          </span>
        </p>
      </div>
    </li>
  );
}

/** Tiles in the shape of what is coming. */
export function AwaitedTiles({ label }: { label: string }) {
  return (
    <div role="status" className="listing-tiles">
      <span className="sr-only">{label}</span>
      {Array.from({ length: 6 }, (_, tile) => (
        <div key={tile} className="listing-tile glass-subtle">
          <div className="listing-picture skeleton rounded-none" />
          <div className="grid grow content-start gap-2 p-3.5">
            <div className="skeleton h-5 w-20" />
            <div className="skeleton h-4 w-40" />
            <div className="skeleton h-3 w-28" />
          </div>
        </div>
      ))}
    </div>
  );
}
