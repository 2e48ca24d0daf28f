// SPDX-License-Identifier: AGPL-3.0-or-later
// How long to wait before the next try.

const LONGEST = 30_000;

/**
 * Milliseconds before try number `attempt` (from 0): 1, 2, 4, 8, 16 and then 30 s, up to a quarter
 * less or more by chance, so that a restarted server is not met by everybody at once.
 */
export function delayBefore(attempt: number, chance: number = Math.random()): number {
  const plain = Math.min(LONGEST, 1000 * 2 ** attempt);
  return Math.min(LONGEST, Math.round(plain * (0.75 + chance / 2)));
}
