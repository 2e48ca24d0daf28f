// SPDX-License-Identifier: AGPL-3.0-or-later
// The ways to the pages: a rail on wide screens, a bar at the bottom on small ones.
import { Link } from "@tanstack/react-router";
import { CircleDashed, type LucideIcon, MessageCircle, Search, Settings, Sofa, Store, UsersRound } from "lucide-react";

import { YouMenu } from "@/app/YouMenu";
import { type Badge, useBadges } from "@/app/news";
import { openSwitcher } from "@/app/overlays";
import { strings } from "@/app/strings";
import { useWaitingCount } from "@/features/connections/api";
import { Brand } from "@/ui/Brand";

interface Place {
  to: "/lounge" | "/thrive-circle" | "/messages" | "/connections";
  label: string;
  icon: LucideIcon;
  badge?: Badge;
  /** What the number counts. */
  counts?: string;
}

function usePlaces(): readonly Place[] {
  const { lounge, messages } = useBadges();
  const asked = useWaitingCount() ?? "0";
  const waiting = Number.parseInt(asked, 10);
  return [
    { to: "/lounge", label: strings.places.lounge, icon: Sofa, badge: lounge, counts: strings.mentions(lounge.count) },
    { to: "/thrive-circle", label: strings.places.circle, icon: CircleDashed },
    { to: "/messages", label: strings.places.messages, icon: MessageCircle, badge: messages, counts: strings.forYou },
    {
      to: "/connections",
      label: strings.places.people,
      icon: UsersRound,
      badge: { dot: false, count: waiting, more: asked.endsWith("+") },
      counts: strings.waiting(waiting),
    },
  ];
}

function Marked({ icon: Icon, badge, counts }: Pick<Place, "icon" | "badge" | "counts">) {
  return (
    <span className="relative">
      <Icon aria-hidden="true" className="size-5.5" />
      {badge && badge.count > 0 && (
        <span className="badge-count absolute -top-2.5 start-3.5">
          {badge.count > 99 ? "99+" : `${badge.count}${badge.more ? "+" : ""}`}
          <span className="sr-only"> {counts}</span>
        </span>
      )}
      {badge && badge.count === 0 && badge.dot && (
        <span className="unread-dot absolute -top-0.5 -end-1">
          <span className="sr-only">{strings.unread}</span>
        </span>
      )}
    </span>
  );
}

/** The rail. */
export function Rail() {
  const places = usePlaces();
  return (
    <aside aria-label="Kith" className="glass-panel hidden min-h-0 flex-col items-center gap-1 overflow-x-hidden overflow-y-auto px-1 py-3 md:flex">
      <Link to="/lounge" aria-label={strings.home} className="mb-2 rounded-md p-1.5">
        <Brand mark />
      </Link>
      <button type="button" className="rail-item" aria-haspopup="dialog" title="Ctrl K" onClick={openSwitcher}>
        <Search aria-hidden="true" className="size-5.5" /> {strings.find}
      </button>
      <nav aria-labelledby="community" className="mt-2 grid w-full grid-cols-[minmax(0,1fr)] gap-1 border-t border-line pt-2.5">
        <h2 id="community" className="connect-text wrap-anywhere pb-0.5 text-center text-[0.5625rem] font-bold uppercase">
          {strings.community}
        </h2>
        {places.map(({ to, label, ...mark }) => (
          <Link key={to} to={to} className="rail-item">
            <Marked {...mark} />
            <span>{label}</span>
          </Link>
        ))}
      </nav>
      <nav aria-label={strings.more} className="mt-auto grid w-full justify-items-center gap-1 border-t border-line pt-2">
        <Link to="/listings" className="rail-item">
          <Store aria-hidden="true" className="size-5.5" /> {strings.listings}
        </Link>
        <Link to="/settings" className="rail-item">
          <Settings aria-hidden="true" className="size-5.5" /> {strings.settings}
        </Link>
        <YouMenu placement="end bottom" />
      </nav>
    </aside>
  );
}

const PLACE =
  "grid min-h-14 grid-cols-[minmax(0,1fr)] content-center justify-items-center gap-0.5 wrap-anywhere text-center text-xs font-semibold text-quiet aria-[current=page]:text-accent";

/** The bar at the bottom of a small screen. */
export function BottomNav() {
  const places = usePlaces();
  return (
    <nav
      aria-label={strings.main}
      className="grid grid-cols-5 border-t border-line bg-raised pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {places.map(({ to, icon, badge, counts }) => (
        <Link key={to} to={to} className={PLACE}>
          <Marked icon={icon} badge={badge} counts={counts} />
          <span>{strings.short[SHORT[to]]}</span>
        </Link>
      ))}
      <div className={PLACE}>
        <YouMenu placement="top end" small />
      </div>
    </nav>
  );
}

const SHORT = {
  "/lounge": "lounge",
  "/thrive-circle": "circle",
  "/messages": "messages",
  "/connections": "people",
} as const;
