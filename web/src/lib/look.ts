// SPDX-License-Identifier: AGPL-3.0-or-later
// How the app looks and listens to keys, remembered in this browser and shared by its tabs.
import { create } from "zustand";

import type { Wish } from "@/lib/tongues";

export type Theme = "system" | "dark" | "light";
export type Contrast = "system" | "more";

interface Look {
  theme: Theme;
  contrast: Contrast;
  /** Whether single letters are shortcuts (WCAG 2.1.4 asks for a way to switch them off). */
  keys: boolean;
  tongue: Wish;
}

const PLACE = "kith.look";
const PLAIN: Look = { theme: "system", contrast: "system", keys: true, tongue: "browser" };

function parsed(text: string | null): Look {
  try {
    return { ...PLAIN, ...(JSON.parse(text ?? "{}") as Partial<Look>) };
  } catch {
    return PLAIN;
  }
}

function remembered(): Look {
  try {
    return parsed(localStorage.getItem(PLACE));
  } catch {
    // Private windows may forbid even looking.
    return PLAIN;
  }
}

export const useLook = create<Look>(remembered);

export const isDark = (theme: Theme): boolean =>
  theme === "system" ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";

/** Change something, here and in every other tab. */
export function changeLook(change: Partial<Look>): void {
  useLook.setState(change);
  try {
    localStorage.setItem(PLACE, JSON.stringify(useLook.getState()));
  } catch {
    // Private windows may forbid it; the choice then holds as long as the page.
  }
}

/** Keep the document as chosen, and follow the system while nothing else is chosen. */
export function wearLook(): void {
  const put = () => {
    const { theme, contrast } = useLook.getState();
    const root = document.documentElement;
    root.dataset.theme = isDark(theme) ? "dark" : "light";
    const more = contrast === "more" || matchMedia("(prefers-contrast: more)").matches;
    root.toggleAttribute("data-contrast", more);
  };
  put();
  useLook.subscribe(put);
  for (const query of ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"]) {
    matchMedia(query).addEventListener("change", put);
  }
  // Another tab chose. Its own message could come before what it wrote can be read here.
  addEventListener("storage", ({ key, newValue }) => {
    if (key === PLACE) useLook.setState(parsed(newValue));
  });
}
