// SPDX-License-Identifier: AGPL-3.0-or-later
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { strings } from "@/features/settings/strings";
import { call } from "@/lib/api";
import { handleError } from "@/lib/report";
import { toast } from "@/lib/toasts";
import type { QuickReplies, QuickReply } from "@/lib/types";

const PATH = "/api/me/quick-replies";

export const quickRepliesQuery = queryOptions({
  queryKey: ["quick-replies"],
  queryFn: ({ signal }) => call<QuickReplies>("GET", PATH, { signal }),
});

const add = (reply: Pick<QuickReply, "title" | "text">, position?: number): Promise<QuickReply> =>
  call<QuickReply>("POST", PATH, { body: { ...reply, position: position ?? null } });

/** What can be done about quick replies; the list is read anew after each. */
export function useQuickReplies(onSaved: () => void = () => undefined) {
  const client = useQueryClient();
  const { queryKey } = quickRepliesQuery;
  const changed = () => client.invalidateQueries({ queryKey });
  const failed = (error: unknown) => {
    toast(handleError("quick replies", error), { tone: "bad" });
    void changed();
  };
  /** With an id it changes, without one it adds. The form itself says what is wrong. */
  const save = useMutation({
    mutationFn: ({ id, ...reply }: Pick<QuickReply, "title" | "text"> & { id?: string }) =>
      id ? call<QuickReply>("PATCH", `${PATH}/${id}`, { body: reply }) : add(reply),
    onSuccess: () => {
      onSaved();
      return changed();
    },
  });
  const move = useMutation({
    mutationFn: ({ id, position }: { id: string; position: number }) =>
      call("PATCH", `${PATH}/${id}`, { body: { position } }),
    onMutate: async ({ id, position }) => {
      await client.cancelQueries({ queryKey });
      const before = client.getQueryData(queryKey);
      const moved = before?.quickReplies.find((one) => one.id === id);
      if (!before || !moved) return;
      const rest = before.quickReplies.filter((one) => one.id !== id);
      client.setQueryData(queryKey, { quickReplies: rest.toSpliced(position, 0, moved) });
    },
    onSuccess: changed,
    onError: failed,
  });
  const remove = useMutation({
    mutationFn: ({ reply }: { reply: QuickReply; position: number }) => call("DELETE", `${PATH}/${reply.id}`),
    onSuccess: (_, { reply: { title, text }, position }) => {
      const back = () => void add({ title, text }, position).then(changed, failed);
      toast(strings.quickRemoved(title), { action: { label: strings.quickUndo, run: back } });
      return changed();
    },
    onError: failed,
  });
  return { save, move, remove };
}
