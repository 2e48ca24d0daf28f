// SPDX-License-Identifier: AGPL-3.0-or-later
// The number on the app's icon, where it is installed and the system shows one.

interface Badging {
  setAppBadge?: (count: number) => Promise<void>;
  clearAppBadge?: () => Promise<void>;
}

/** Show how much is said to one; 0 for nothing. */
export function setBadge(count: number): void {
  const { setAppBadge, clearAppBadge }: Badging = navigator;
  const put = count > 0 ? setAppBadge?.call(navigator, count) : clearAppBadge?.call(navigator);
  // Not installed, or not allowed: the title says it too.
  put?.catch(() => undefined);
}
