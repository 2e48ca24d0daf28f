// SPDX-License-Identifier: AGPL-3.0-or-later
// Messages: one's conversations, and the one that is open.
import { type UseQueryResult, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { MessageCircleX, MessagesSquare } from "lucide-react";

import { PhoneBar } from "@/app/Shell";
import { Gone } from "@/app/places/Gone";
import { Place, PlaceHeader, useOneColumn } from "@/app/places/Place";
import { ConversationPanel, Frozen, NewConversation, PersonMenu } from "@/app/places/beside";
import { strings as app } from "@/app/strings";
import { relationshipQuery } from "@/features/connections/api";
import { RoomView } from "@/features/conversation/pages";
import { conversationQuery, inboxQuery } from "@/features/messages/api";
import { useCreating } from "@/features/messages/creating";
import { otherOf, othersOf, titleOf } from "@/features/messages/naming";
import { InboxList, Picture } from "@/features/messages/pages";
import { strings } from "@/features/messages/strings";
import { ApiError } from "@/lib/api-error";
import { addressOf } from "@/lib/person";
import { useIsHere } from "@/lib/presence";
import { useMe } from "@/lib/session";
import { active } from "@/lib/time";
import type { Conversation as Talk } from "@/lib/types";
import { Button } from "@/ui/Button";
import { PageHeading } from "@/ui/PageHeading";
import { Failure, Notice, SkeletonRows } from "@/ui/States";

/** What all addresses of Messages share: the window in which a conversation is begun. */
export function Messages() {
  const navigate = useNavigate();
  const open = useCreating((state) => state.open);
  return (
    <>
      <Outlet />
      <NewConversation
        open={open}
        onClose={() => useCreating.setState({ open: false })}
        onOpen={({ id }) => void navigate({ to: "/messages/$conversation", params: { conversation: id } })}
      />
    </>
  );
}

function List() {
  const { filter = "all" } = useSearch({ from: "/inside/messages" });
  return <InboxList filter={filter} />;
}

/** No conversation is open: a small screen has the list alone. */
export function Inbox() {
  const { filter = "all" } = useSearch({ from: "/inside/messages" });
  const [title, text] = strings.pick;
  const heading = (
    <div className="sr-only">
      <PageHeading title={strings.title} windowTitle={filter === "all" ? strings.title : strings.filters[filter]} />
    </div>
  );
  if (useOneColumn()) {
    return (
      <div className="flex h-full flex-col">
        <PhoneBar />
        <main id="content" tabIndex={-1} className="min-h-0 grow">
          {heading}
          <List />
        </main>
      </div>
    );
  }
  return (
    <Place list={<List />}>
      <div className="m-auto">
        {heading}
        <Notice icon={MessagesSquare} title={title} text={text}>
          <Button look="primary" onPress={() => useCreating.setState({ open: true })}>
            {strings.create}
          </Button>
        </Notice>
      </div>
    </Place>
  );
}

/** One conversation. The list beside it stays as it is from one to the next. */
export function Conversation() {
  const { conversation } = useParams({ from: "/inside/messages/$conversation" });
  const query = useQuery(conversationQuery(conversation));
  const gone = query.error instanceof ApiError && [400, 403, 404].includes(query.error.status);
  const talk = gone ? undefined : query.data;
  const me = useMe();
  const other = talk && otherOf(talk, me.userId);
  const menu = other && <About user={addressOf(other.userId, me.home)} />;
  const panel = talk && <ConversationPanel key={talk.id} conversation={talk} personMenu={menu} />;
  return (
    <Place list={<List />} details={panel && { title: strings.details, content: panel }}>
      {talk ? <Open key={talk.id} talk={talk} other={other ?? null} /> : <Absent room={conversation} query={query} gone={gone} />}
    </Place>
  );
}

interface AbsentProps {
  room: string;
  query: Pick<UseQueryResult<Talk>, "data" | "error" | "isPending" | "isError" | "refetch">;
  gone: boolean;
}

function Absent({ room, query, gone }: AbsentProps) {
  const [title, text] = strings.absent;
  return (
    <div className="m-auto w-full max-w-lg p-4">
      {!gone && (
        <div className="sr-only">
          <PageHeading title={strings.title} />
        </div>
      )}
      {query.isPending && <SkeletonRows label={app.theConversation} />}
      {gone && (
        <Gone room={room} name={query.data?.name} icon={MessageCircleX} title={title} text={text}>
          <Link to="/messages" className="btn-primary">
            {strings.title}
          </Link>
        </Gone>
      )}
      {query.isError && !gone && <Failure error={query.error} onRetry={() => void query.refetch()} />}
    </div>
  );
}

function Open({ talk, other }: { talk: Talk; other: ReturnType<typeof otherOf> }) {
  const me = useMe();
  const { data: inbox } = useInfiniteQuery(inboxQuery("all", ""));
  const entry = inbox?.pages.flatMap((page) => page.conversations).find(({ id }) => id === talk.id);
  const lastActiveAt = entry?.lastActiveAt ?? null;
  const here = useIsHere(other?.userId ?? null, lastActiveAt);
  const count = othersOf(talk, me.userId).length + 1;
  const line = other ? active(here, lastActiveAt) : strings.groupOf(count);
  const frozen = talk.readOnly && other;
  return (
    <RoomView
      room={talk.id}
      notice={frozen ? <Frozen user={addressOf(other.userId, me.home)} reason={talk.readOnlyReason} /> : undefined}
      header={
        <PlaceHeader
          title={titleOf(talk, me.userId)}
          line={line}
          picture={<Picture conversation={talk} lastActiveAt={lastActiveAt} />}
          back="/messages"
          backLabel={strings.list}
        />
      }
    />
  );
}

function About({ user }: { user: string }) {
  const { data } = useQuery(relationshipQuery(user));
  if (!data || data.state === "self" || data.state === "blocked") return null;
  return <PersonMenu person={data.person} friends={data.state === "friends"} muted={data.muted} />;
}
