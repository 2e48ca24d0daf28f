// SPDX-License-Identifier: AGPL-3.0-or-later
// The languages there are.

/** Complete ones, by the names they give themselves. */
export const TONGUES = { en: "English", de: "Deutsch", fr: "Français" } as const;
export type Tongue = keyof typeof TONGUES;
/** Made from English to try the pages with: long words with accents, and a page that is mirrored. */
export type Trial = "en-XA" | "ar-XB";
export type Spoken = Tongue | Trial;
/** What a person can ask for. */
export type Wish = "browser" | Spoken;
