// SPDX-License-Identifier: AGPL-3.0-or-later
// The ways to the pages: a rail on wide screens, a bar at the bottom on small ones.
import { Link } from "@tanstack/react-router";
import { LogOut, Search, Settings, UserRound, UsersRound } from "lucide-react";

import { useOverlays } from "@/app/overlays";
import { useWaitingCount } from "@/features/connections/api";
import { useSignOut } from "@/features/session/api";
import { addressOf, handleOf, nameOf } from "@/lib/person";
import { useMe } from "@/lib/session";
import { Avatar } from "@/ui/Avatar";
import { Brand } from "@/ui/Brand";
import { Button } from "@/ui/Button";

function Waiting() {
  const waiting = useWaitingCount();
  if (!waiting) return null;
  return (
    <span className="badge-count ml-auto">
      {waiting}
      <span className="sr-only"> requests waiting</span>
    </span>
  );
}

/** The rail. */
export function Sidebar() {
  const me = useMe();
  const signOut = useSignOut();
  const params = { user: addressOf(me.userId, me.home) };
  return (
    <aside aria-label="Kith" className="glass-panel hidden min-h-0 flex-col p-3 md:flex">
      <Link to="/connections" aria-label="Kith, home" className="m-2 mb-5 self-start rounded-md">
        <Brand />
      </Link>
      <nav aria-label="Main" className="grid gap-5 overflow-y-auto">
        <div className="grid gap-1">
          <h2 className="flex items-center gap-2 px-3 pb-1 text-xs font-bold tracking-widest uppercase connect-text">
            <span aria-hidden="true" className="connect-mark h-3 w-1" /> Community
          </h2>
          <Link to="/connections" className="nav-item">
            <UsersRound aria-hidden="true" className="size-5" /> Connections <Waiting />
          </Link>
        </div>
        <div className="grid gap-1">
          <h2 className="px-3 pb-1 text-xs font-bold tracking-widest text-quiet uppercase">You</h2>
          <Link to="/people/$user" params={params} className="nav-item">
            <UserRound aria-hidden="true" className="size-5" /> Your page
          </Link>
          <Link to="/settings" className="nav-item">
            <Settings aria-hidden="true" className="size-5" /> Settings
          </Link>
        </div>
      </nav>
      <div className="mt-auto flex items-center gap-3 border-t border-line pt-3">
        <span className="relative">
          <Avatar person={me} size={40} />
          <span className="luminous-dot absolute right-0 bottom-0" aria-hidden="true" />
        </span>
        <div className="min-w-0 grow">
          <p className="truncate font-bold">{nameOf(me)}</p>
          <p className="truncate text-xs text-quiet">{handleOf(me.userId, me.home)}</p>
        </div>
        <Button
          look="ghost"
          aria-label="Sign out"
          busy={signOut.isPending}
          onPress={() => signOut.mutate()}
        >
          <LogOut className="size-5" />
        </Button>
      </div>
    </aside>
  );
}

const PLACE = "grid min-h-14 content-center justify-items-center gap-0.5 text-xs font-semibold text-quiet aria-[current=page]:text-accent";

/** The bar at the bottom of a small screen. */
export function BottomNav() {
  const me = useMe();
  const signOut = useSignOut();
  const waiting = useWaitingCount();
  const params = { user: addressOf(me.userId, me.home) };
  return (
    <nav
      aria-label="Main"
      className="grid grid-cols-5 border-t border-line bg-raised pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      <Link to="/connections" className={PLACE}>
        <span className="relative">
          <UsersRound aria-hidden="true" className="size-5.5" />
          {waiting && (
            <span className="badge-count absolute -top-2 left-4">
              {waiting}
              <span className="sr-only"> requests waiting</span>
            </span>
          )}
        </span>
        People
      </Link>
      <button
        type="button"
        className={PLACE}
        onClick={() => useOverlays.setState({ open: "switcher" })}
      >
        <Search aria-hidden="true" className="size-5.5" /> Find
      </button>
      <Link to="/people/$user" params={params} className={PLACE}>
        <UserRound aria-hidden="true" className="size-5.5" /> You
      </Link>
      <Link to="/settings" className={PLACE}>
        <Settings aria-hidden="true" className="size-5.5" /> Settings
      </Link>
      <button type="button" className={PLACE} onClick={() => signOut.mutate()}>
        <LogOut aria-hidden="true" className="size-5.5" /> Sign out
      </button>
    </nav>
  );
}
