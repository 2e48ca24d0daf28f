// SPDX-License-Identifier: AGPL-3.0-or-later
// Where each language comes from: one file each, fetched only by whoever reads it.
import type { Loaders } from "@/lib/tongue";

export const LOADERS: Loaders = {
  de: async () => (await import("@/app/tongues/de")).turn,
  fr: async () => (await import("@/app/tongues/fr")).turn,
  "en-XA": async () => {
    const { accented, trialOf } = await import("@/lib/trial");
    return trialOf(accented);
  },
  "ar-XB": async () => {
    const { mirrored, trialOf } = await import("@/lib/trial");
    return trialOf(mirrored);
  },
};
