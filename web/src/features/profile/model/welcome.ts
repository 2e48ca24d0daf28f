// SPDX-License-Identifier: AGPL-3.0-or-later
// The few things somebody new is asked for, each of which may wait.

export const STEPS = ["display_name", "avatar", "interests"] as const;
export type Step = (typeof STEPS)[number];

type Known = Readonly<Record<string, unknown>>;

// What came over the wire has camelCase keys.
const KEYS: Readonly<Record<Step, string>> = { display_name: "displayName", avatar: "avatar", interests: "interests" };

/** How a step ended; null while it has not. */
export function endOf(onboarding: Known, step: Step): "done" | "skipped" | null {
  const end = onboarding[KEYS[step]] ?? onboarding[step];
  return end === "done" || end === "skipped" ? end : null;
}

/** The first step that was neither done nor skipped. */
export const nextOf = (onboarding: Known): Step | null => STEPS.find((step) => endOf(onboarding, step) === null) ?? null;

/** Where to begin again: what is open, else what was skipped, else the first. */
export const beginOf = (onboarding: Known): Step =>
  nextOf(onboarding) ?? STEPS.find((step) => endOf(onboarding, step) === "skipped") ?? STEPS[0];
