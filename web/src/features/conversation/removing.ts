// SPDX-License-Identifier: AGPL-3.0-or-later
// Messages that are being deleted: gone from sight at once, told to the server when the Undo has
// passed or the page is left.
import { create } from "zustand";

import * as api from "@/features/conversation/api";
import { strings } from "@/features/conversation/strings";
import type { Item } from "@/lib/message";
import { handleError } from "@/lib/report";
import { toast } from "@/lib/toasts";

const useGone = create<{ ids: ReadonlySet<string> }>(() => ({ ids: new Set() }));

function set(eventId: string, gone: boolean): void {
  const ids = new Set(useGone.getState().ids);
  if (gone) ids.add(eventId);
  else ids.delete(eventId);
  useGone.setState({ ids });
}

/** Delete a message, with a way back for as long as the toast stands. */
export function removeLater(roomId: string, eventId: string): void {
  const back = () => set(eventId, false);
  set(eventId, true);
  toast(strings.removed, {
    action: { label: strings.undo, run: back },
    settle: () => {
      api.remove(roomId, eventId).catch((error: unknown) => {
        back();
        toast(handleError("message", error), { tone: "bad" });
      });
    },
  });
}

/** Whether a message is being deleted here. */
export const useRemoved = (item: Item | null): boolean =>
  useGone(({ ids }) => item !== null && ids.has(item.eventId));
