// SPDX-License-Identifier: AGPL-3.0-or-later
// Which window of the shell is open: one at a time.
import { create } from "zustand";

export const useOverlays = create<{ open: "switcher" | "shortcuts" | null }>(() => ({ open: null }));

export const closeOverlay = (): void => useOverlays.setState({ open: null });
export const openSwitcher = (): void => useOverlays.setState({ open: "switcher" });

/** The windows and what they are made of; far the larger part of the shell. */
export const loadWindows = () => import("@/app/windows");
