// SPDX-License-Identifier: AGPL-3.0-or-later
// What opens over a conversation, and all it is made of, comes after it.
import { useLater } from "@/lib/later";

const load = () => import("@/features/conversation/components/popups");

/** What opens; null until it is fetched. */
export const usePopups = (wanted: boolean): Awaited<ReturnType<typeof load>> | null => useLater(load, wanted);
