// SPDX-License-Identifier: AGPL-3.0-or-later
// The frame around every page for people who are signed in.
import { Link, Outlet, useMatchRoute, useParams, useRouteContext } from "@tanstack/react-router";
import { Search } from "lucide-react";
import type { ReactNode } from "react";

import { BottomNav, Rail } from "@/app/Navigation";
import { OfflineBar } from "@/app/OfflineBar";
import { useNews } from "@/app/news";
import { loadWindows, openSwitcher, useOverlays } from "@/app/overlays";
import { useShortcuts } from "@/app/shortcuts";
import { strings } from "@/app/strings";
import { useLater } from "@/lib/later";
import { useWelcome } from "@/lib/welcome";
import { Brand } from "@/ui/Brand";
import { Toasts } from "@/ui/Toasts";

/** The frame for whoever comes: few pages are for people who are not signed in too. */
export function Frame() {
  const { known } = useRouteContext({ from: "/inside" });
  return known ? <Shell /> : <Open />;
}

function Open() {
  return (
    <div className="flex h-dvh flex-col">
      <a href="#content" className="skip btn-primary">
        {strings.skip}
      </a>
      <header className="flex flex-wrap items-center justify-between gap-3 px-4 py-3 md:px-6">
        <Link to="/" aria-label={strings.home} className="rounded-md">
          <Brand />
        </Link>
        <Link to="/sign-in" className="btn-primary btn-small">
          {strings.signIn}
        </Link>
      </header>
      <div className="min-h-0 grow">
        <Outlet />
      </div>
    </div>
  );
}

/** Rail, page, toasts; on a small screen one column and a bar at the bottom. */
function Shell() {
  useShortcuts();
  useNews();
  // In a room a small screen is all the room's.
  const { forum, conversation } = useParams({ strict: false });
  return (
    <div className="grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[minmax(0,1fr)_auto] md:grid-cols-[4.5rem_minmax(0,1fr)] md:grid-rows-[minmax(0,1fr)] md:gap-3 md:p-3">
      <a href="#content" className="skip btn-primary">
        {strings.skip}
      </a>
      <Rail />
      <div className="flex min-h-0 min-w-0 flex-col">
        <OfflineBar />
        <News />
        <div className="min-h-0 grow">
          <Outlet />
        </div>
        <div className="mx-auto w-full max-w-4xl px-3 md:px-2">
          <Toasts />
        </div>
      </div>
      {!forum && !conversation && <BottomNav />}
      <Windows />
      <Welcoming />
    </div>
  );
}

const loadWelcome = () => import("@/features/profile/components/Welcome");

/** Fetched only for whoever is shown round. */
function Welcoming() {
  const open = useWelcome((state) => state.open);
  return open && <Welcomed />;
}

function Welcomed() {
  const part = useLater(loadWelcome, true);
  return part && <part.Welcome />;
}

/** Comes with what is fetched once the page is at rest. */
function News() {
  const windows = useLater(loadWindows, false);
  return windows && (
    <>
      <windows.NewVersion />
      <windows.ErasureBar />
    </>
  );
}

function Windows() {
  const open = useOverlays((state) => state.open);
  const windows = useLater(loadWindows, open !== null);
  return windows && (
    <>
      <windows.Switcher />
      <windows.ShortcutSheet />
    </>
  );
}

/** On small screens: where one is, and the way to everything. */
export function PhoneBar() {
  return (
    <header className="flex items-center justify-between gap-2 px-4 py-2 md:hidden">
      <Brand />
      <button type="button" className="btn-ghost" aria-label={strings.find} aria-haspopup="dialog" onClick={openSwitcher}>
        <Search aria-hidden="true" className="size-5" />
      </button>
    </header>
  );
}

/** Pages with something beside what they are about. */
const WIDE = ["/settings/profile", "/profile/$user", "/listings", "/listings/$listing"] as const;
/** Of them those that are about nothing but themselves. */
const NARROW = ["/listings/new", "/listings/saved"] as const;

/** A page to read, in one column. */
export function PageLayout() {
  const { known } = useRouteContext({ from: "/inside" });
  const isAt = useMatchRoute();
  const wide = WIDE.some((to) => isAt({ to })) && !NARROW.some((to) => isAt({ to }));
  return (
    <Column open={!known} wide={wide}>
      <Outlet />
    </Column>
  );
}

/** One scrolling column, the page's main part. */
export function Column({ open, wide, children }: { open?: boolean; wide?: boolean; children: ReactNode }) {
  return (
    <div className="flex h-full flex-col">
      {!open && <PhoneBar />}
      <main id="content" tabIndex={-1} className="min-h-0 grow overflow-y-auto px-4 pt-2 pb-6 md:px-6 md:pt-6">
        <div className={`mx-auto ${wide ? "max-w-6xl" : "max-w-4xl"}`}>{children}</div>
      </main>
    </div>
  );
}
