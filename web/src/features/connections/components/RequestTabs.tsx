// SPDX-License-Identifier: AGPL-3.0-or-later
import { useInfiniteQuery } from "@tanstack/react-query";
import { Bell, Check, Inbox, PenLine, Send, X } from "lucide-react";
import { useState } from "react";

import { useLeaving, usePeopleActions } from "@/features/connections/actions";
import { type Direction, requestsQuery } from "@/features/connections/api";
import { EditNoteDialog } from "@/features/connections/components/NoteDialogs";
import { Paged } from "@/ui/Paged";
import { PersonRow } from "@/ui/PersonRow";
import { strings } from "@/features/connections/strings";
import { nameOf } from "@/lib/person";
import { sharedOf } from "@/lib/shared";
import { relative } from "@/lib/time";
import type { RequestPage, WaitingRequest } from "@/lib/types";
import { ActionMenu } from "@/ui/ActionMenu";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/States";

function useRequests(direction: Direction) {
  const query = useInfiniteQuery(requestsQuery(direction));
  const leaving = useLeaving((state) => state.ids);
  const items = (page: RequestPage) => page.requests.filter(({ id }) => !leaving.has(id));
  return { query, items };
}

/** Requests that wait for an answer of mine. */
export function IncomingTab() {
  const { query, items } = useRequests("incoming");
  const { accept, decline } = usePeopleActions();
  const [title, text] = strings.empty.incoming;
  return (
    <Paged
      query={query}
      items={items}
      label={strings.tabs.incoming}
      empty={<Notice icon={Inbox} title={title} text={text} />}
    >
      {(request) => (
        <PersonRow
          key={request.id}
          person={request.person}
          detail={[strings.askedYou(relative(request.createdAt)), sharedOf(request.person)].filter(Boolean).join(" · ")}
          note={request.message}
        >
          <Button
            look="primary"
            small
            busy={accept.isPending && accept.variables?.id === request.id}
            onPress={() => accept.mutate(request)}
            aria-label={`${strings.accept}: ${nameOf(request.person)}`}
          >
            <Check aria-hidden="true" className="size-4" /> {strings.accept}
          </Button>
          <Button
            small
            onPress={() => decline(request)}
            aria-label={`${strings.decline}: ${nameOf(request.person)}`}
          >
            {strings.decline}
          </Button>
        </PersonRow>
      )}
    </Paged>
  );
}

/** Requests of mine that wait. */
export function OutgoingTab() {
  const { query, items } = useRequests("outgoing");
  const [edited, setEdited] = useState<WaitingRequest | null>(null);
  const { cancel, remind } = usePeopleActions();
  const [title, text] = strings.empty.outgoing;
  const actionsOf = (request: WaitingRequest) => [
    { id: "edit", label: strings.edit, icon: PenLine, run: () => setEdited(request) },
    { id: "remind", label: strings.remind, icon: Bell, run: () => remind.mutate(request) },
    { id: "cancel", label: strings.cancel, icon: X, run: () => cancel(request), tone: "bad" as const },
  ];
  return (
    <>
      <Paged
        query={query}
        items={items}
        label={strings.tabs.outgoing}
        empty={<Notice icon={Send} title={title} text={text} />}
      >
        {(request) => (
          <PersonRow
            key={request.id}
            person={request.person}
            detail={strings.youAsked(relative(request.createdAt), relative(request.expiresAt))}
            note={request.message}
          >
            <span className="tag">{strings.waiting}</span>
            <ActionMenu
              label={strings.more(nameOf(request.person))}
              actions={actionsOf(request)}
            />
          </PersonRow>
        )}
      </Paged>
      <EditNoteDialog request={edited} onClose={() => setEdited(null)} />
    </>
  );
}
