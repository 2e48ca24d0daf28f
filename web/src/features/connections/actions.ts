// SPDX-License-Identifier: AGPL-3.0-or-later
// What one can do about somebody: the call, the words afterwards, the way back where there is one.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { create } from "zustand";

import { peopleChanged } from "@/features/connections/api";
import { strings } from "@/features/connections/strings";
import { call } from "@/lib/api";
import { dropMessages } from "@/lib/kept";
import { nameOf } from "@/lib/person";
import { handleError } from "@/lib/report";
import { toast } from "@/lib/toasts";
import type { FriendRequest, Person, WaitingRequest } from "@/lib/types";

type Who = Pick<Person, "userId" | "displayName">;

const profile = (person: Who): string => `/api/profile/${encodeURIComponent(person.userId)}`;

/** Requests that are about to be answered: hidden at once, told to the server when Undo is over. */
export const useLeaving = create<{ ids: ReadonlySet<string> }>(() => ({ ids: new Set() }));

function leave(id: string, leaving: boolean): void {
  useLeaving.setState(({ ids }) => {
    const next = new Set(ids);
    if (leaving) next.add(id);
    else next.delete(id);
    return { ids: next };
  });
}

/** Every act about a person; each reads the lists anew and says what happened. */
export function usePeopleActions() {
  const client = useQueryClient();
  const changed = () => peopleChanged(client);
  const failed = (context: string) => (error: unknown) => {
    toast(handleError(context, error), { tone: "bad" });
    void changed();
  };

  const answer = useMutation({
    mutationFn: (request: WaitingRequest) =>
      call<FriendRequest>("POST", `/api/friends/${request.id}/respond`, {
        body: { action: "accept" },
      }),
    onSuccess: async (_, request) => {
      toast(strings.nowFriends(nameOf(request.person)));
      await changed();
    },
    onError: failed("accept"),
  });

  // Neither can be taken back once the server knows, so the server hears of it last.
  function putAway(request: WaitingRequest, words: string, path: string, body?: { action: string }) {
    leave(request.id, true);
    toast(words, {
      action: { label: strings.undo, run: () => leave(request.id, false) },
      settle: () => {
        call("POST", path, { body, keepalive: true })
          .then(changed)
          .catch(failed("put away"))
          .finally(() => leave(request.id, false));
      },
    });
  }

  const decline = (request: WaitingRequest) =>
    putAway(request, strings.declined(nameOf(request.person)), `/api/friends/${request.id}/respond`, {
      action: "decline",
    });
  const cancel = (request: WaitingRequest) =>
    putAway(request, strings.cancelled(nameOf(request.person)), `/api/friends/${request.id}/cancel`);

  const remind = useMutation({
    mutationFn: (request: WaitingRequest) => call("POST", `/api/friends/${request.id}/remind`),
    onSuccess: (_, request) => toast(strings.reminded(nameOf(request.person))),
    onError: failed("remind"),
  });

  const unfriend = useMutation({
    mutationFn: (person: Who) => call("DELETE", `/api/friends/${encodeURIComponent(person.userId)}`),
    onSuccess: async (_, person) => {
      toast(strings.unfriended(nameOf(person)));
      await changed();
    },
    onError: failed("unfriend"),
  });

  /** One of the pairs that undo each other; `on` starts it. */
  const tie = useMutation({
    mutationFn: ({ person, name, on }: TieChange) =>
      call(on ? "POST" : "DELETE", `${profile(person)}/${name}`),
    onSuccess: async (_, { person, name, on, again }) => {
      // Their words are not to be read any more, without a connection either.
      if (name === "block" && on) dropMessages();
      const words = strings[WORDS[name][on ? 0 : 1]](nameOf(person));
      const back = { label: strings.undo, run: () => tie.mutate({ person, name, on: !on, again: true }) };
      // Unblocking does not bring a friendship back, so it is no Undo.
      const undoable = !again && name !== "block";
      toast(words, undoable ? { action: back } : {});
      await changed();
    },
    onError: failed("tie"),
  });

  return { accept: answer, decline, cancel, remind, unfriend, tie };
}

interface TieChange {
  person: Who;
  name: "block" | "mute" | "follow";
  on: boolean;
  /** Whether it undoes what was just done. */
  again?: boolean;
}

const WORDS = {
  block: ["blocked", "unblocked"],
  mute: ["muted", "unmuted"],
  follow: ["followed", "unfollowed"],
} as const;

/** Ask somebody; `user` may be a bare name or a Matrix id. */
export function useAsk(onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ user, message }: { user: string; message: string }) =>
      call<FriendRequest>("POST", `/api/profile/${encodeURIComponent(user)}/friend-request`, {
        body: { message: message.trim() || null },
      }),
    onSuccess: async (request, { user }) => {
      const known = request.status === "accepted" ? strings.nowFriends : strings.sent;
      toast(known(user));
      onDone();
      await peopleChanged(client);
    },
  });
}

/** Change the note of a waiting request. */
export function useEditNote(onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, message }: { id: string; message: string }) =>
      call("PATCH", `/api/friends/${id}`, { body: { message: message.trim() || null } }),
    onSuccess: async () => {
      toast(strings.noteSaved);
      onDone();
      await peopleChanged(client);
    },
  });
}
