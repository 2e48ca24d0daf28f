// SPDX-License-Identifier: AGPL-3.0-or-later
// Who or what can stand where one is writing.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useDeferredValue, useState } from "react";

import { type Member, membersQuery, quickRepliesQuery } from "@/features/conversation/api";
import { useHere } from "@/features/conversation/hooks";
import { type Asked, askedFor } from "@/features/conversation/model/suggest";
import { strings } from "@/features/conversation/strings";
import { handleOf, nameOf } from "@/lib/person";
import { useMe } from "@/lib/session";

export interface Suggestion {
  id: string;
  label: string;
  detail: string;
  person: Member | null;
  /** What is put into the text. */
  text: string;
}

const MOST = 6;

/** `caret` is null while nothing is to be suggested. */
export function useSuggester(text: string, caret: number | null, onPick: (asked: Asked, one: Suggestion) => void) {
  const { room, me } = useHere();
  const { home } = useMe();
  const [at, setAt] = useState(0);
  const [closed, setClosed] = useState<string | null>(null);
  const asked = caret === null ? null : askedFor(text, caret);
  const about = asked ? `${asked.kind} ${asked.from} ${asked.word}` : null;
  const word = useDeferredValue(asked?.kind === "person" ? asked.word : "");
  const people = useInfiniteQuery({ ...membersQuery(room.roomId, word), enabled: asked?.kind === "person" });
  const sentences = useQuery({ ...quickRepliesQuery, enabled: asked?.kind === "sentence" });

  const list: Suggestion[] = [];
  if (asked?.kind === "person" && closed !== about) {
    if (room.can.notifyRoom && "room".startsWith(asked.word)) {
      list.push({ id: "room", label: "@room", detail: strings.everybody, person: null, text: "@room" });
    }
    for (const person of people.data?.pages[0]?.items ?? []) {
      if (person.userId === me) continue;
      const label = nameOf(person);
      list.push({ id: person.userId, label, detail: handleOf(person.userId, home), person, text: `@${label}` });
    }
  }
  if (asked?.kind === "sentence" && closed !== about) {
    const found = sentences.data?.quickReplies.filter((one) => one.title.toLowerCase().includes(asked.word.toLowerCase()));
    for (const one of found ?? []) {
      list.push({ id: one.id, label: one.title, detail: one.text, person: null, text: one.text });
    }
  }
  const shown = list.slice(0, MOST);
  const chosen = shown[Math.min(at, shown.length - 1)];

  /** Whether the key was for the list. */
  function onKeyDown(event: KeyboardEvent): boolean {
    if (!asked || !chosen) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((Math.min(at, shown.length - 1) + step + shown.length) % shown.length);
    else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") onPick(asked, chosen);
    else if (event.key === "Escape") setClosed(about);
    else return false;
    event.preventDefault();
    return true;
  }

  return {
    shown,
    chosen,
    onKeyDown,
    point: (one: Suggestion) => setAt(shown.indexOf(one)),
    pick: (one: Suggestion) => asked && onPick(asked, one),
    reset: () => setAt(0),
  };
}
