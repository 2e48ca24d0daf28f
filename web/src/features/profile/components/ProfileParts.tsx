// SPDX-License-Identifier: AGPL-3.0-or-later
// The parts of a profile below its head. Each knows what its owner should be told about it.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { EyeOff, Lock, Plus } from "lucide-react";
import { type ReactNode, useId } from "react";

import { type Look, activityQuery } from "@/features/profile/api";
import { drawBio, drawDraft } from "@/features/profile/model/bio";
import type { Field, Level } from "@/features/profile/model/fields";
import { strings } from "@/features/profile/strings";
import { ApiError } from "@/lib/api-error";
import { nameOf } from "@/lib/person";
import { brief, relative } from "@/lib/time";
import type { Activity, Card, Interest, Profile } from "@/lib/types";
import { Button } from "@/ui/Button";
import { Failure, SkeletonRows } from "@/ui/States";
import { strings as ui } from "@/ui/strings";

interface PartProps {
  title: string;
  /** Who sees it, for its owner. */
  level?: Level;
  children: ReactNode;
}

function Part({ title, level, children }: PartProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="glass-panel min-w-0 p-5">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
        <h2 id={id} className="text-lg font-bold">
          {title}
        </h2>
        <Seen level={level} />
      </div>
      {children}
    </section>
  );
}

/** Tells the owner that not everybody sees something. */
export function Seen({ level }: { level?: Level }) {
  if (level === "private") {
    return (
      <span className="tag">
        <EyeOff aria-hidden="true" className="size-3.5" /> {strings.privateToYou}
      </span>
    );
  }
  if (level === "connections") {
    return (
      <span className="tag">
        <Lock aria-hidden="true" className="size-3.5" /> {strings.friendsOnly}
      </span>
    );
  }
  return null;
}

/** Where something is missing: the way to fill it in. Only its owner sees it. */
export function Missing({ field }: { field: keyof typeof strings.add }) {
  return (
    <Link
      to="/settings/profile"
      hash={field}
      className="flex min-h-14 items-center gap-2.5 rounded-md border border-dashed border-edge px-4 font-semibold text-quiet hover:text-ink"
    >
      <Plus aria-hidden="true" className="size-4.5" /> {strings.add[field]}
    </Link>
  );
}

type Levels = Partial<Readonly<Record<Field, Level>>>;

/** What they say of themselves. */
export function About({ profile, levels }: { profile: Profile; levels?: Levels }) {
  const { bio, bioHtml, mine } = profile;
  if (!bio && !mine) return null;
  return (
    <Part title={strings.bio} level={levels?.bio}>
      {bio ? (
        <div dir="auto" className="wrap-anywhere grid max-w-[75ch] gap-2">{bioHtml ? drawBio(bioHtml) : drawDraft(bio)}</div>
      ) : (
        <Missing field="bio" />
      )}
    </Part>
  );
}

/** Their interests, each the way to others who share it. */
export function Interests({ profile, levels }: { profile: Profile; levels?: Levels }) {
  const { searchInterests: all = [], mine } = profile;
  if (all.length === 0 && !mine) return null;
  return (
    <Part title={strings.interests} level={levels?.searchInterests}>
      {all.length === 0 ? (
        <Missing field="searchInterests" />
      ) : (
        <ul aria-label={strings.interests} className="flex flex-wrap gap-2">
          {all.map((one) => (
            <li key={one.id}>
              <Chip interest={one} />
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

function Chip({ interest }: { interest: Interest }) {
  return (
    <Link to="/people" search={{ interests: [interest.id] }} className="chip">
      <bdi>{interest.label}</bdi>
    </Link>
  );
}

/** The cards they put up, collection by collection. */
export function Showcase({ cards }: { cards: readonly Card[] }) {
  if (cards.length === 0) return null;
  const collections = [...new Set(cards.map(({ collection }) => collection))];
  return (
    <Part title={strings.showcase}>
      <div className="grid gap-4">
        {collections.map((name) => (
          <div key={name}>
            <h3 className="mb-2 text-sm font-semibold text-quiet">{strings.collections[name] ?? name}</h3>
            <ul className="grid gap-2">
              {cards
                .filter(({ collection }) => collection === name)
                .map((card) => (
                  <ShownCard key={card.entityId} card={card} />
                ))}
            </ul>
          </div>
        ))}
      </div>
    </Part>
  );
}

function ShownCard({ card }: { card: Card }) {
  const inside = (
    <>
      {card.thumbnailUrl && <img src={card.thumbnailUrl} alt="" width={48} height={48} loading="lazy" className="size-12 rounded-sm object-cover" />}
      <span className="grid min-w-0">
        <span className="truncate font-bold"><bdi>{card.title}</bdi></span>
        {card.subtitle && <span className="truncate text-sm text-quiet">{card.subtitle}</span>}
        {card.note && <span className="wrap-anywhere text-sm"><bdi>{card.note}</bdi></span>}
      </span>
    </>
  );
  const look = "glass-card flex min-h-14 items-center gap-3 px-3 py-2";
  return (
    <li>
      {card.href?.startsWith("/") ? (
        <a href={card.href} className={look}>
          {inside}
        </a>
      ) : (
        <div className={look}>{inside}</div>
      )}
    </li>
  );
}

interface LatelyProps {
  user: string;
  as?: Look;
  level?: Level;
}

/** What they did lately; nothing at all where it is not shown. */
export function Lately({ user, as, level }: LatelyProps) {
  const query = useInfiniteQuery(activityQuery(user, as));
  const all = query.data?.pages.flatMap((page) => page.activity) ?? [];
  const { error } = query;
  if (error instanceof ApiError && [403, 404].includes(error.status)) return null;
  return (
    <Part title={strings.activity} level={level}>
      {query.isPending && <SkeletonRows count={2} label={ui.onTheWay(strings.activity)} />}
      {error && !query.data && <Failure error={error} onRetry={() => void query.refetch()} />}
      {query.data && all.length === 0 && <p className="text-quiet">{strings.nothingYet}</p>}
      <ol className="grid gap-3 border-s border-line ps-4">
        {all.map((one) => (
          <li key={one.id} className="relative">
            <span aria-hidden="true" className="connect-mark absolute top-2 -start-[1.3rem] size-2" />
            <p className="wrap-anywhere">
              <Told about={one} />
            </p>
            <time dateTime={one.createdAt} title={brief(Date.parse(one.createdAt))} className="text-xs text-quiet">
              {relative(one.createdAt)}
            </time>
          </li>
        ))}
      </ol>
      {query.hasNextPage && (
        <Button small className="mt-3" busy={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
          {strings.more}
        </Button>
      )}
    </Part>
  );
}

/** What happened, leading to whom or what it was about where that has a page. */
function Told({ about }: { about: Activity }) {
  const { kind, person, subject } = about;
  if (person) {
    return (
      <Link to="/profile/$user" params={{ user: person.userId }} className="hover:underline">
        {said(about)}
      </Link>
    );
  }
  if (kind === "published_listing" && typeof subject.id === "string") {
    return (
      <Link to="/listings/$listing" params={{ listing: subject.id }} className="hover:underline">
        {said(about)}
      </Link>
    );
  }
  return said(about);
}

function said({ kind, room, person, subject }: Activity): string {
  const title = typeof subject.title === "string" ? subject.title : strings.something;
  const about = person ? nameOf(person) : (room?.name ?? title);
  return strings.did[kind](about);
}
