// SPDX-License-Identifier: AGPL-3.0-or-later
// Where one writes. Enter sends, Shift and Enter begin a new line, the up arrow takes back one's
// last message to change it, Escape lets go.
import { type ClipboardEvent, type DragEvent, type FormEvent, type KeyboardEvent, memo, useEffect, useId, useRef, useState } from "react";

import { useMessageActions } from "@/features/conversation/actions";
import { Banner } from "@/features/conversation/components/Banner";
import { ComposerStatus, LONGEST } from "@/features/conversation/components/ComposerStatus";
import { AttachButton, EmojiButton, QuickReplyButton, SendButton } from "@/features/conversation/components/ComposerTools";
import { Suggestions } from "@/features/conversation/components/Suggestions";
import { Uploads } from "@/features/conversation/components/Uploads";
import { useSuggester } from "@/features/conversation/components/use-suggester";
import { useHere, useSecondsUntil, useView } from "@/features/conversation/hooks";
import type { Conversation } from "@/features/conversation/model/conversation";
import { type Begun, type Mention, draftOf, keepDraft, useDraft } from "@/features/conversation/model/drafts";
import { answeredWith } from "@/features/conversation/model/suggest";
import { strings } from "@/features/conversation/strings";
import { useTypingSignal } from "@/features/conversation/typing";
import { useUploads } from "@/features/conversation/uploads";
import { type Item, type Message, isSystem } from "@/lib/message";
import { useSteady } from "@/lib/steady";

interface Props {
  conversation: Conversation;
  answering: Message | null;
  editing: Message | null;
  onAnswering: (message: Message | null) => void;
  onEditing: (message: Message | null) => void;
}

interface Change extends Begun {
  /** The message that is being changed. */
  of: string;
}

// When somebody has last said something (ms since 1970).
const lastOf = (items: readonly Item[], user: string): number =>
  items.findLast((item) => !isSystem(item) && item.sender === user)?.ts ?? 0;

const NOTHING: Change = { of: "", text: "", mentions: [] };

export const Composer = memo(function Composer(props: Props) {
  const { conversation, answering, editing, onAnswering, onEditing } = props;
  const { room, name, me } = useHere();
  const { threadRoot } = conversation.scope;
  const place = `${me} ${room.roomId} ${threadRoot ?? ""}`;
  const id = useId();
  const draft = useDraft(place);
  const [change, setChange] = useState(NOTHING);
  const [caret, setCaret] = useState<number | null>(null);
  const [over, setOver] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const { edit } = useMessageActions();
  const signal = useTypingSignal(room.roomId);
  const files = useUploads();
  const slowUntil = useView(conversation, (view) => view.slowUntil);
  const lastOwn = useView(conversation, ({ timeline }) => lastOf(timeline.items, me));
  const slowSince = room.slowMode && lastOwn ? lastOwn + 1000 * room.slowMode : 0;
  const wait = useSecondsUntil(Math.max(slowUntil ?? 0, room.slowModeUntil ?? 0, slowSince) || null);
  const changed = editing && change.of === editing.eventId ? change.text : editing?.body;
  const text = changed ?? draft.text;
  const length = [...text].length;
  const something = Boolean(text.trim()) || (!editing && files.ready.length > 0);
  const ready = something && length <= LONGEST && (editing !== null || (wait === 0 && !files.busy));

  const put = (next: string, mention?: Mention) => {
    const { mentions } = editing ? change : draftOf(place);
    const begun = { text: next, mentions: mention ? [...mentions, mention] : mentions };
    if (editing) setChange({ ...begun, of: editing.eventId });
    else keepDraft(place, begun);
    signal(Boolean(next.trim()));
  };
  /** Put something where the caret is. */
  const insert = useSteady((what: string) => {
    const at = box.current?.selectionStart ?? text.length;
    put(text.slice(0, at) + what + text.slice(box.current?.selectionEnd ?? at));
    moveTo(at + what.length);
  });
  const attach = useSteady(files.add);
  const moveTo = (at: number) =>
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(at, at);
    });
  const suggester = useSuggester(text, caret, (asked, one) => {
    const next = answeredWith(text, asked, one.text);
    put(next.text, one.person ? { userId: one.person.userId, name: one.label } : undefined);
    moveTo(next.caret);
  });
  useEffect(() => {
    if (editing || answering) box.current?.focus();
  }, [editing, answering]);

  const letGo = () => {
    setChange(NOTHING);
    onEditing(null);
    onAnswering(null);
    box.current?.focus();
  };
  // What the server did not want is there again, unless one has begun something else meanwhile.
  const giveBack = (message: Message, begun: Change) => {
    setChange((now) => (now.of && now.of !== begun.of ? now : begun));
    if (box.current?.value === "") onEditing(message);
  };
  const send = () => {
    if (!ready) return;
    signal(false);
    const said = text.trim();
    const named = (editing ? change : draft).mentions.filter((one) => said.includes(`@${one.name}`));
    const before = editing && said.includes("@") ? editing.mentions.users : [];
    const users = [...new Set([...before, ...named.map((one) => one.userId)])];
    const mentions = { users, room: room.can.notifyRoom && /(^|\s)@room\b/.test(said) };
    if (editing) {
      const begun = { of: editing.eventId, text: said, mentions: change.mentions };
      if (said !== editing.body) void edit(editing, said, mentions).then((taken) => taken || giveBack(editing, begun));
      letGo();
      return;
    }
    const base = { replyTo: answering, threadRoot, mentions };
    // Each file is a message of its own; the words go with the last.
    const last = files.ready.length - 1;
    for (const [at, upload] of files.ready.entries()) {
      conversation.send({ ...base, text: at === last ? said : "", upload });
    }
    if (last < 0) conversation.send({ ...base, text: said, upload: null });
    keepDraft(place, { text: "", mentions: [] });
    files.clear();
    onAnswering(null);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // Enter that ends a composition (Japanese, Chinese …) belongs to the keyboard.
    if (event.nativeEvent.isComposing || suggester.onKeyDown(event)) return;
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
      letGo();
    }
  };
  const paste = (event: ClipboardEvent) => {
    const found = [...event.clipboardData.files];
    if (!found.length) return;
    event.preventDefault();
    files.add(found);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    files.add([...event.dataTransfer.files]);
  };
  const noteCaret = () => {
    const { current } = box;
    const plain = current && current.selectionStart === current.selectionEnd;
    setCaret(plain ? current.selectionStart : null);
    suggester.reset();
  };
  return (
    <form
      className="composer"
      data-over={over || undefined}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        send();
      }}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(event.dataTransfer.types.includes("Files"));
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Suggestions id={`${id}-list`} list={suggester.shown} chosen={suggester.chosen} onPoint={suggester.point} onPick={suggester.pick} />
      <Banner editing={editing} answering={answering} onCancel={letGo} />
      <Uploads list={files.list} onRemove={files.remove} />
      <div className="composer-box">
        <AttachButton onFiles={attach} />
        <textarea
          ref={box}
          data-composer={threadRoot === null ? "" : undefined}
          className="composer-text"
          aria-label={threadRoot === null ? strings.composer(name) : strings.threadComposer}
          placeholder={over ? strings.dropHere : threadRoot === null ? strings.composer(name) : strings.threadComposer}
          aria-autocomplete="list"
          aria-controls={suggester.chosen ? `${id}-list` : undefined}
          aria-activedescendant={suggester.chosen ? `${id}-list-${suggester.chosen.id}` : undefined}
          rows={1}
          dir="auto"
          enterKeyHint="send"
          value={text}
          onChange={(event) => {
            put(event.target.value);
            noteCaret();
          }}
          onSelect={noteCaret}
          onKeyDown={onKeyDown}
          onPaste={paste}
          onBlur={() => {
            signal(false);
            setCaret(null);
          }}
        />
        <div className="flex">
          {threadRoot === null && <QuickReplyButton onPick={insert} />}
          <EmojiButton onPick={insert} />
        </div>
        <SendButton label={editing ? strings.save : strings.send} ready={ready} />
      </div>
      <ComposerStatus wait={wait} length={length} />
    </form>
  );
});
