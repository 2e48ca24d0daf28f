// SPDX-License-Identifier: AGPL-3.0-or-later
// What stands beside a conversation or opens over it, loaded together after it.
export { Frozen } from "@/app/places/Frozen";
export { PersonMenu } from "@/features/connections/components/PersonMenu";
export { ConversationPanel } from "@/features/messages/components/ConversationPanel";
export { NewConversation } from "@/features/messages/components/NewConversation";
