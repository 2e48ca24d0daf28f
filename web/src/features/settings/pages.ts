// SPDX-License-Identifier: AGPL-3.0-or-later
// The pages of this feature, loaded together.
export { AppearancePage } from "@/features/settings/components/AppearancePage";
export { PrivacyPage } from "@/features/settings/components/PrivacyPage";
export { default as SettingsLayout } from "@/features/settings/components/SettingsLayout";
export { QuickRepliesPage } from "@/features/settings/components/QuickRepliesPage";
