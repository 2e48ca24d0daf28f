// SPDX-License-Identifier: AGPL-3.0-or-later
// The places with rooms, loaded together.
export { Forum } from "@/app/places/Lounge";
export { Conversation, Inbox, Messages } from "@/app/places/Messages";
