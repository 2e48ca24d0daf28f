// SPDX-License-Identifier: AGPL-3.0-or-later
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { call, endCalls } from "@/lib/api";
import { forgetKept } from "@/lib/kept";
import { live } from "@/lib/live/hub";
import { forgetPersonal } from "@/lib/personal";
import { beginSession } from "@/lib/session";
import { tellTabs } from "@/lib/tabs";
import { settleAll } from "@/lib/toasts";
import type { Registration, Session } from "@/lib/types";
import { openWelcome } from "@/lib/welcome";

export const registrationQuery = queryOptions({
  queryKey: ["registration"],
  queryFn: ({ signal }) => call<Registration>("GET", "/api/auth/registration", { signal }),
  staleTime: 60_000,
});

function useEntering<Values extends Record<string, unknown>>(path: string, next?: string, entered?: () => void) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (values: Values) => call<Session>("POST", path, { body: values }),
    onSuccess: async (session) => {
      beginSession(client, session);
      tellTabs("signed-in");
      await navigate({ href: safeNext(next) });
      entered?.();
    },
  });
}

export const useSignIn = (next?: string) =>
  useEntering<{ user: string; password: string }>("/api/auth/login", next);

export const useSignUp = () =>
  useEntering<{ name: string; password: string; token?: string }>("/api/auth/register", undefined, openWelcome);

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      // What waits for its Undo is done as whoever one still is.
      settleAll();
      // Answers that are on their way would come as refusals.
      await client.cancelQueries();
      // Closed from here, not by the server: nothing tries to connect again as nobody.
      live.stop();
      const out = call("POST", "/api/auth/logout");
      endCalls(true);
      return out;
    },
    onError: () => {
      endCalls(false);
      live.start();
      return client.invalidateQueries();
    },
    onSuccess: async () => {
      tellTabs("signed-out");
      // What was written here is nobody else's to find: neither kept nor in the page's memory.
      forgetPersonal();
      await forgetKept();
      // "Back" may bring this page as it stands here, with all that was in it.
      addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
      location.assign("/sign-in");
    },
  });
}

/** Only a path of this app: never another site that somebody put into a link. */
export function safeNext(next: string | undefined): string {
  return next && /^\/(?![/\\])/.test(next) ? next : "/lounge";
}
