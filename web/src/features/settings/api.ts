// SPDX-License-Identifier: AGPL-3.0-or-later
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { strings } from "@/features/settings/strings";
import { call } from "@/lib/api";
import { handleError } from "@/lib/report";
import { toast } from "@/lib/toasts";
import type { Settings } from "@/lib/types";

export const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: ({ signal }) => call<Settings>("GET", "/api/me/settings", { signal }),
});

/** Change one setting at once: shown before the server has answered, put back if it refuses. */
export function useChangeSettings() {
  const client = useQueryClient();
  const { queryKey } = settingsQuery;
  return useMutation({
    mutationFn: (change: Partial<Settings>) =>
      call<Settings>("PATCH", "/api/me/settings", { body: change }),
    onMutate: async (change) => {
      await client.cancelQueries({ queryKey });
      const before = client.getQueryData(queryKey);
      if (before) client.setQueryData(queryKey, { ...before, ...change });
      return { before };
    },
    onSuccess: (settings) => {
      client.setQueryData(queryKey, settings);
      toast(strings.saved);
    },
    onError: (error, _, context) => {
      if (context?.before) client.setQueryData(queryKey, context.before);
      toast(handleError("settings", error), { tone: "bad" });
    },
  });
}
