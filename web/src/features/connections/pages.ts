// SPDX-License-Identifier: AGPL-3.0-or-later
// The pages of this feature, loaded together.
export { BlockedTab } from "@/features/connections/components/BlockedTab";
export { default as ConnectionsPage } from "@/features/connections/components/ConnectionsPage";
export { FollowingPage } from "@/features/connections/components/FollowingPage";
export { IncomingTab, OutgoingTab } from "@/features/connections/components/RequestTabs";
