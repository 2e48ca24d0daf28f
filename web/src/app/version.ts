// SPDX-License-Identifier: AGPL-3.0-or-later
// The service worker, and whether a newer version of the app waits. It is taken over only when
// somebody says so: what they are writing is theirs.
import { create } from "zustand";

/** How the newer version is taken over; null while there is none. */
export const useNewVersion = create<{ take: (() => void) | null }>(() => ({ take: null }));

const offer = (take: () => void): void => useNewVersion.setState({ take });
/** Milliseconds between two looks for a newer version in a window that stays open. */
const OFTEN = 3_600_000;

let begun = false;

/** Let the browser keep the app, and watch for newer versions. */
export async function keepApp(): Promise<void> {
  if (begun || import.meta.env.DEV || !("serviceWorker" in navigator)) return;
  begun = true;
  const { serviceWorker } = navigator;
  // The first worker of a browser is no newer version.
  const before = serviceWorker.controller !== null;
  let pressed = false;
  serviceWorker.addEventListener("controllerchange", () => {
    if (pressed) location.reload();
    // Another tab has taken the newer version: this one goes on with its own until told.
    else if (before) offer(() => location.reload());
  });
  try {
    const registration = await serviceWorker.register("/sw.js", { updateViaCache: "none" });
    const take = (): void => {
      pressed = true;
      // The one that waits now: since the offer a still newer one may have taken its place.
      if (registration.waiting) registration.waiting.postMessage("take over");
      else location.reload();
    };
    const look = (): void => {
      if (registration.waiting && serviceWorker.controller) offer(take);
    };
    registration.addEventListener("updatefound", () =>
      registration.installing?.addEventListener("statechange", look),
    );
    look();
    setInterval(() => void registration.update().catch(() => undefined), OFTEN);
  } catch {
    // Forbidden here, or the server is away: the app works without.
  }
}
