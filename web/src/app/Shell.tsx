// SPDX-License-Identifier: AGPL-3.0-or-later
// The frame around every page for people who are signed in.
import { Outlet } from "@tanstack/react-router";
import { Keyboard, Moon, Search, Sun } from "lucide-react";

import { BottomNav, Sidebar } from "@/app/Navigation";
import { OfflineBar } from "@/app/OfflineBar";
import { ShortcutSheet } from "@/app/ShortcutSheet";
import { Switcher } from "@/app/Switcher";
import { useShortcuts } from "@/app/shortcuts";
import { useOverlays } from "@/app/overlays";
import { changeLook, isDark, useLook } from "@/lib/look";
import { Button } from "@/ui/Button";
import { Toasts } from "@/ui/Toasts";

/** Rail, top bar, page, toasts; on a small screen one column and a bar at the bottom. */
export function Shell() {
  useShortcuts();
  return (
    <div className="mx-auto grid h-dvh max-w-352 grid-cols-[minmax(0,1fr)] grid-rows-[minmax(0,1fr)_auto] gap-x-5 md:grid-cols-[16rem_minmax(0,1fr)] md:grid-rows-[minmax(0,1fr)] md:px-4 md:py-4">
      <a href="#content" className="skip btn-primary">
        Skip to the content
      </a>
      <Sidebar />
      <div className="flex min-h-0 flex-col gap-2">
        <TopBar />
        <OfflineBar />
        <main
          id="content"
          tabIndex={-1}
          className="min-h-0 grow overflow-y-auto px-4 pt-2 pb-6 md:px-2 md:pt-3"
        >
          <div className="mx-auto max-w-4xl">
            <Outlet />
          </div>
        </main>
        <div className="px-3 md:px-2">
          <div className="mx-auto max-w-4xl">
            <Toasts />
          </div>
        </div>
      </div>
      <BottomNav />
      <Switcher />
      <ShortcutSheet />
    </div>
  );
}

function TopBar() {
  const theme = useLook((state) => state.theme);
  const dark = isDark(theme);
  return (
    <header className="flex items-center gap-1 px-3 py-2 md:px-2 md:py-0">
      <button
        type="button"
        className="input-glass mr-auto flex max-w-md items-center gap-2.5 text-left text-quiet"
        onClick={() => useOverlays.setState({ open: "switcher" })}
      >
        <Search aria-hidden="true" className="size-4.5" />
        <span className="truncate">Find people and pages</span>
        <kbd className="kbd ml-auto hidden sm:inline-grid">Ctrl K</kbd>
      </button>
      <Button
        look="ghost"
        aria-label="Keyboard shortcuts"
        className="max-sm:hidden"
        onPress={() => useOverlays.setState({ open: "shortcuts" })}
      >
        <Keyboard className="size-5" />
      </Button>
      <Button
        look="ghost"
        aria-label={dark ? "Use the light theme" : "Use the dark theme"}
        onPress={() => changeLook({ theme: dark ? "light" : "dark" })}
      >
        {dark ? <Sun className="size-5" /> : <Moon className="size-5" />}
      </Button>
    </header>
  );
}
