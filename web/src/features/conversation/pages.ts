// SPDX-License-Identifier: AGPL-3.0-or-later
// What other parts of the app mount: a whole conversation. Its chunk is fetched when it is shown.
export { RoomView } from "@/features/conversation/components/RoomView";
