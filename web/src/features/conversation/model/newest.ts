// SPDX-License-Identifier: AGPL-3.0-or-later
// Where the history of a room is read, and its first page (worker/ahead.js knows it too).
import { address } from "@/lib/api";

/** Messages of the page one begins with. */
export const FIRST = 50;

export const historyPath = (room: string): string => `/api/v1/rooms/${encodeURIComponent(room)}/messages`;
export const newestPath = (room: string): string => address(historyPath(room), { limit: FIRST });
