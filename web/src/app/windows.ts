// SPDX-License-Identifier: AGPL-3.0-or-later
// What opens over the page, loaded together once the page is drawn.
export { NewVersion } from "@/app/NewVersion";
export { ShortcutSheet } from "@/app/ShortcutSheet";
export { Switcher } from "@/app/Switcher";
export { YouChoices } from "@/app/YouChoices";
export { ErasureBar } from "@/features/privacy/components/ErasureBar";
