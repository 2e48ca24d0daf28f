// SPDX-License-Identifier: AGPL-3.0-or-later
import { useQuery } from "@tanstack/react-query";
import { Check, Plus, X } from "lucide-react";
import { type FormEvent, useState } from "react";

import { offeredQuery, useOpen } from "@/features/messages/api";
import { Hindrance } from "@/features/messages/components/Hindrance";
import { strings } from "@/features/messages/strings";
import { handleOf, nameOf } from "@/lib/person";
import { useMe } from "@/lib/session";
import type { Conversation } from "@/lib/types";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { strings as ui } from "@/ui/strings";

interface Props {
  open: boolean;
  onClose: () => void;
  onOpen: (conversation: Conversation) => void;
}

/** Begin a conversation with one person or several. */
export function NewConversation({ open, onClose, onOpen }: Props) {
  return (
    <Dialog title={strings.newTitle} open={open} onClose={onClose}>
      <Form onClose={onClose} onOpen={onOpen} />
    </Dialog>
  );
}

const NAME = /^@?[a-z0-9._=/+-]+(:[^\s/]+)?$/i;
/** Others in a group. */
const MOST = 9;

interface Picked {
  userId: string;
  name: string;
}

function Form({ onClose, onOpen }: Omit<Props, "open">) {
  const { home } = useMe();
  const [text, setText] = useState("");
  const [picked, setPicked] = useState<readonly Picked[]>([]);
  const [name, setName] = useState("");
  const { data } = useQuery(offeredQuery);
  const opening = useOpen((conversation) => {
    onClose();
    onOpen(conversation);
  });
  const needle = text.trim().toLowerCase();
  const friends = data?.friends ?? [];
  const offered = friends.filter((one) => `${nameOf(one)} ${one.userId}`.toLowerCase().includes(needle)).slice(0, 30);
  const chosen = (userId: string) => picked.some((one) => one.userId === userId);
  const other = needle && NAME.test(text.trim()) && !offered.some((one) => handleOf(one.userId, home) === `@${needle.replace(/^@/, "")}`);
  const toggle = (one: Picked) => {
    opening.reset();
    setPicked(chosen(one.userId) ? picked.filter(({ userId }) => userId !== one.userId) : [...picked, one]);
  };
  const pickTyped = () => {
    const bare = text.trim().replace(/^@([^:]+)$/, "$1");
    toggle({ userId: bare, name: bare });
    setText("");
  };
  const start = (event: FormEvent) => {
    event.preventDefault();
    if (picked.length === 0 || picked.length > MOST || opening.isPending) return;
    opening.mutate({ participants: picked.map(({ userId }) => userId), name });
  };
  return (
    <form onSubmit={start} className="grid gap-4">
      {picked.length > 0 && (
        <ul aria-label={strings.chosen} className="flex flex-wrap gap-1.5">
          {picked.map((one) => (
            <li key={one.userId}>
              <button type="button" className="tag min-h-8 px-3 text-sm text-ink" onClick={() => toggle(one)}>
                <span className="sr-only">{strings.unchoose(one.name)}</span>
                <span aria-hidden="true"><bdi>{one.name}</bdi></span> <X aria-hidden="true" className="size-3.5" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Field
        label={strings.who}
        hint={strings.whoHint}
        problem={picked.length > MOST ? strings.full : undefined}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !needle) return;
          event.preventDefault();
          const [first] = offered;
          if (first && !chosen(first.userId)) {
            toggle({ userId: first.userId, name: nameOf(first) });
            setText("");
          } else if (other) pickTyped();
        }}
        autoFocus
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={255}
      />
      <ul aria-label={strings.offered} className="-mx-1 grid max-h-64 gap-0.5 overflow-y-auto p-1">
        {offered.map((friend) => (
          <li key={friend.userId}>
            <button
              type="button"
              aria-pressed={chosen(friend.userId)}
              className="place-item w-full text-start text-ink"
              onClick={() => toggle({ userId: friend.userId, name: nameOf(friend) })}
            >
              <Avatar person={friend} size={32} />
              <span className="truncate font-semibold"><bdi>{nameOf(friend)}</bdi></span>
              <span className="truncate text-sm text-quiet"><bdi>{handleOf(friend.userId, home)}</bdi></span>
              {chosen(friend.userId) && <Check aria-hidden="true" className="ms-auto size-5 shrink-0 text-accent" />}
            </button>
          </li>
        ))}
        {other && (
          <li>
            <button type="button" className="place-item w-full text-start text-ink" onClick={pickTyped}>
              <span className="grid size-8 place-items-center">
                <Plus aria-hidden="true" className="size-5 text-accent" />
              </span>
              <span className="truncate font-semibold">{strings.writeTo(text.trim())}</span>
            </button>
          </li>
        )}
      </ul>
      {picked.length > 1 && (
        <Field
          label={strings.groupName}
          hint={strings.groupNameHint}
          value={name}
          onChange={(event) => setName(event.target.value)}
          maxLength={100}
          counted
        />
      )}
      {opening.error && <Hindrance error={opening.error} onGone={() => opening.reset()} />}
      <div className="flex justify-end gap-2">
        <Button onPress={onClose}>{ui.back}</Button>
        <Button type="submit" look="primary" busy={opening.isPending} isDisabled={picked.length === 0 || picked.length > MOST}>
          {strings.start}
        </Button>
      </div>
    </form>
  );
}
