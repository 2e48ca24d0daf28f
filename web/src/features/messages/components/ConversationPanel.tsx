// SPDX-License-Identifier: AGPL-3.0-or-later
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useState } from "react";

import { useConversationActions } from "@/features/messages/api";
import { AddSomebody } from "@/features/messages/components/AddSomebody";
import { ParticipantMenu } from "@/features/messages/components/ParticipantMenu";
import { strings } from "@/features/messages/strings";
import { addressOf, handleOf, nameOf } from "@/lib/person";
import { useIsHere } from "@/lib/presence";
import { roomQuery, useRoomActions } from "@/lib/rooms";
import { useMe } from "@/lib/session";
import type { Conversation } from "@/lib/types";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Ask } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { Toggle } from "@/ui/Toggle";
import { strings as ui } from "@/ui/strings";

interface Props {
  conversation: Conversation;
  /** What one can do about the other one of a 1:1. */
  personMenu?: ReactNode;
}

/** Who is in a conversation, how loud it is, and what its admin may do. */
export function ConversationPanel({ conversation, personMenu }: Props) {
  const { data: room } = useQuery(roomQuery(conversation.roomId));
  const { mute } = useRoomActions();
  const group = conversation.type === "group";
  const admin = group && conversation.myRole === "admin";
  const here = conversation.participants.filter(({ membership }) => membership === "join" || membership === "invite");
  return (
    <div className="grid gap-5">
      {admin && <Rename key={conversation.name} conversation={conversation} />}
      <section aria-labelledby="people-title">
        <h3 id="people-title" className="mb-1.5 text-sm font-bold">
          {strings.people}
        </h3>
        <ul aria-label={strings.people} className="grid gap-0.5">
          {here.map((one) => (
            <Participant key={one.userId} conversation={conversation} one={one} admin={admin} />
          ))}
        </ul>
        {admin && here.length < 10 && <AddSomebody conversation={conversation} />}
      </section>
      {room && (
        <section aria-label={strings.mute} className="border-t border-line pt-4">
          <Toggle
            label={strings.mute}
            text={strings.muteText}
            value={room.muted}
            disabled={mute.isPending}
            onChange={(muted) => mute.mutate({ room: room.id, muted })}
          />
        </section>
      )}
      <div className="flex items-center justify-between gap-2 border-t border-line pt-4">
        <Leave conversation={conversation} />
        {personMenu}
      </div>
    </div>
  );
}

function Rename({ conversation }: { conversation: Conversation }) {
  const [name, setName] = useState(conversation.name ?? "");
  const { rename } = useConversationActions(conversation.id);
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() && !rename.isPending) rename.mutate(name.trim());
  };
  return (
    <form onSubmit={save} className="grid gap-2">
      <Field label={strings.groupName} value={name} onChange={(event) => setName(event.target.value)} maxLength={100} />
      {name.trim() !== (conversation.name ?? "") && (
        <Button type="submit" small look="primary" className="justify-self-start" busy={rename.isPending}>
          {strings.save}
        </Button>
      )}
    </form>
  );
}

interface ParticipantProps {
  conversation: Conversation;
  one: Conversation["participants"][number];
  admin: boolean;
}

function Participant({ conversation, one, admin }: ParticipantProps) {
  const me = useMe();
  const here = useIsHere(one.userId);
  const mine = one.userId === me.userId;
  return (
    <li className="flex items-center gap-1">
      <Link
        to="/profile/$user"
        params={{ user: addressOf(one.userId, me.home) }}
        className="place-item min-w-0 grow px-1.5 py-1"
      >
        <span className="relative shrink-0">
          <Avatar person={one} size={32} />
          {here && <span aria-hidden="true" className="luminous-dot absolute end-0 bottom-0" />}
        </span>
        <span className="grid min-w-0 grow">
          <span className="truncate text-sm font-semibold text-ink"><bdi>{nameOf(one)}</bdi></span>
          <span className="truncate text-xs">
            <bdi>{handleOf(one.userId, me.home)}</bdi>
            {here && <span className="sr-only">, {ui.hereNow}</span>}
          </span>
        </span>
        {one.membership === "invite" && <span className="tag shrink-0">{strings.invited}</span>}
        {conversation.type === "group" && one.role === "admin" && <span className="tag shrink-0">{strings.admin}</span>}
      </Link>
      {admin && !mine && <ParticipantMenu conversation={conversation} one={one} />}
    </li>
  );
}

function Leave({ conversation }: { conversation: Conversation }) {
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const { leave } = useConversationActions(conversation.id);
  const more = conversation.type === "group" && conversation.myRole === "admin" ? ` ${strings.leaveAdmin}` : "";
  return (
    <>
      <Button small onPress={() => setAsking(true)}>
        {strings.leave}
      </Button>
      <Ask
        title={strings.leaveTitle}
        text={strings.leaveText + more}
        confirm={strings.leave}
        open={asking}
        busy={leave.isPending}
        onClose={() => setAsking(false)}
        onConfirm={() => leave.mutate(() => navigate({ to: "/messages" }))}
      />
    </>
  );
}
