// SPDX-License-Identifier: AGPL-3.0-or-later
// Whether a conversation is being begun, with whom; and invitations that are being put away.
import { useQueryClient } from "@tanstack/react-query";
import { create } from "zustand";

import { decline } from "@/features/messages/api";
import { strings } from "@/features/messages/strings";
import { handleError } from "@/lib/report";
import { roomsChanged } from "@/lib/rooms";
import { toast } from "@/lib/toasts";
import type { InboxEntry } from "@/lib/types";

export const useCreating = create<{ open: boolean }>(() => ({ open: false }));

/** Hidden at once; the server is told when Undo has passed. */
export const usePutAway = create<{ ids: ReadonlySet<string> }>(() => ({ ids: new Set() }));

function put(id: string, away: boolean): void {
  usePutAway.setState(({ ids }) => {
    const next = new Set(ids);
    if (away) next.add(id);
    else next.delete(id);
    return { ids: next };
  });
}

/** Put an invitation away, with a way back. */
export function useDecline(): (entry: InboxEntry) => void {
  const client = useQueryClient();
  return ({ id }) => {
    put(id, true);
    toast(strings.declined, {
      action: { label: strings.undo, run: () => put(id, false) },
      settle: () => {
        decline(id)
          .then(() => roomsChanged(client))
          .catch((error: unknown) => toast(handleError("decline", error), { tone: "bad" }))
          .finally(() => put(id, false));
      },
    });
  };
}
