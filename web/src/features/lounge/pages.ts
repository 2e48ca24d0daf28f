// SPDX-License-Identifier: AGPL-3.0-or-later
// The pages of this feature, loaded together.
export { ForumList } from "@/features/lounge/components/ForumList";
export { ForumPanel } from "@/features/lounge/components/ForumPanel";
export { LoungePage } from "@/features/lounge/components/LoungePage";
