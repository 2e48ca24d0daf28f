// SPDX-License-Identifier: AGPL-3.0-or-later
// The pages of this feature, loaded together.
export { InboxList } from "@/features/messages/components/InboxList";
export { Picture } from "@/features/messages/components/Picture";
