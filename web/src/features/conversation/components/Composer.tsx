// SPDX-License-Identifier: AGPL-3.0-or-later
// Where one writes. Enter sends, Shift and Enter begin a new line, the up arrow takes back one's
// last message to change it, Escape lets go.
import { Hourglass, SendHorizontal } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";

import { useMessageActions } from "@/features/conversation/actions";
import { Banner } from "@/features/conversation/components/Banner";
import { useHere, useSecondsUntil, useView } from "@/features/conversation/hooks";
import type { Conversation } from "@/features/conversation/model/conversation";
import { draftOf, keepDraft, useDraft } from "@/features/conversation/model/drafts";
import { strings } from "@/features/conversation/strings";
import { useTypingSignal } from "@/features/conversation/typing";
import { type Message, isSystem } from "@/lib/message";
import { Button } from "@/ui/Button";

/** Most characters of a message (M2), counted as code points. */
export const LONGEST = 4000;
const SHOWN_FROM = 3600;

interface Props {
  conversation: Conversation;
  answering: Message | null;
  editing: Message | null;
  onAnswering: (message: Message | null) => void;
  onEditing: (message: Message | null) => void;
}

export function Composer({ conversation, answering, editing, onAnswering, onEditing }: Props) {
  const { room, name, me } = useHere();
  const { threadRoot } = conversation.scope;
  const place = `${me} ${room.roomId} ${threadRoot ?? ""}`;
  const draft = useDraft(place);
  const [change, setChange] = useState({ of: "", text: "" });
  const box = useRef<HTMLTextAreaElement>(null);
  const { edit } = useMessageActions();
  const signal = useTypingSignal(room.roomId);
  const slowUntil = useView(conversation, (view) => view.slowUntil);
  const wait = useSecondsUntil(Math.max(slowUntil ?? 0, room.slowModeUntil ?? 0) || null);
  const changed = editing && change.of === editing.eventId ? change.text : editing?.body;
  const text = changed ?? draft.text;
  const length = [...text].length;
  const ready = Boolean(text.trim()) && length <= LONGEST && (editing !== null || wait === 0);

  const put = (next: string) => {
    if (editing) setChange({ of: editing.eventId, text: next });
    else keepDraft(place, { ...draftOf(place), text: next });
    signal(Boolean(next.trim()));
  };
  useEffect(() => {
    if (editing || answering) box.current?.focus();
  }, [editing, answering]);

  const send = () => {
    if (!ready) return;
    signal(false);
    if (editing) {
      if (text.trim() !== editing.body) void edit(editing, text.trim());
      setChange({ of: "", text: "" });
      onEditing(null);
      return;
    }
    const mentions = draft.mentions.filter((one) => text.includes(`@${one.name}`));
    conversation.send({
      text: text.trim(),
      replyTo: answering,
      threadRoot,
      mentions: {
        users: mentions.map((one) => one.userId),
        room: room.can.notifyRoom && /(^|\s)@room\b/.test(text),
      },
      upload: null,
    });
    keepDraft(place, { text: "", mentions: [] });
    onAnswering(null);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // Enter that ends a composition (Japanese, Chinese …) belongs to the keyboard.
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === "ArrowUp" && !text && !editing) {
      const { items } = conversation.store.getState().timeline;
      const last = items.findLast((item) => !isSystem(item) && item.sender === me && !item.deleted);
      if (!last || isSystem(last)) return;
      event.preventDefault();
      onEditing(last);
    } else if (event.key === "Escape" && (editing || answering)) {
      event.preventDefault();
      onEditing(null);
      onAnswering(null);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  return (
    <form className="composer" onSubmit={submit}>
      {(editing ?? answering) && (
        <Banner
          editing={editing}
          answering={answering}
          onCancel={() => {
            onEditing(null);
            onAnswering(null);
            box.current?.focus();
          }}
        />
      )}
      <div className="composer-box">
        <span />
        <textarea
          ref={box}
          data-composer={threadRoot === null ? "" : undefined}
          className="composer-text"
          aria-label={strings.composer(name)}
          placeholder={strings.composer(name)}
          rows={1}
          dir="auto"
          value={text}
          onChange={(event) => put(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={() => signal(false)}
        />
        <span />
        <Button type="submit" look="primary" className="size-10 min-h-10 rounded-[14px] p-0" aria-label={editing ? strings.save : strings.send} isDisabled={!ready}>
          <SendHorizontal className="size-5" />
        </Button>
      </div>
      {(wait > 0 || length >= SHOWN_FROM) && (
        <p className="flex items-center gap-2 px-2 text-xs text-quiet" role="status">
          {wait > 0 && (
            <span className="flex items-center gap-1.5">
              <Hourglass aria-hidden="true" className="size-3.5" /> {strings.slow(wait)}
            </span>
          )}
          {length >= SHOWN_FROM && (
            <span className={`ml-auto tabular-nums ${length > LONGEST ? "font-semibold text-bad" : ""}`}>
              {length > LONGEST ? strings.over(length - LONGEST) : strings.left(LONGEST - length)}
            </span>
          )}
        </p>
      )}
    </form>
  );
}
