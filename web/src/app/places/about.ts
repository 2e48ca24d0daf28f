// SPDX-License-Identifier: AGPL-3.0-or-later
// What stands beside a forum on wide screens from the start: without what opens over it.
export { ForumPanel } from "@/features/lounge/components/ForumPanel";
