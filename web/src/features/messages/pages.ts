// SPDX-License-Identifier: AGPL-3.0-or-later
// The pages of this feature, loaded together.
export { ConversationPanel } from "@/features/messages/components/ConversationPanel";
export { InboxList } from "@/features/messages/components/InboxList";
export { NewConversation } from "@/features/messages/components/NewConversation";
export { Picture } from "@/features/messages/components/Picture";
