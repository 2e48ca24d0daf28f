// SPDX-License-Identifier: AGPL-3.0-or-later
import { useEffect, useRef, useState } from "react";

import { nameFor } from "@/features/conversation/components/MessageRow";
import { useHere, useView } from "@/features/conversation/hooks";
import type { Conversation } from "@/features/conversation/model/conversation";
import { strings } from "@/features/conversation/strings";
import { isSystem } from "@/lib/message";

/** Milliseconds without a key after which one is not typing. */
const QUIET = 2500;

/** Says new messages of others once, in words, and not while one is typing. */
export function Announcer({ conversation }: { conversation: Conversation }) {
  const { me } = useHere();
  const items = useView(conversation, (view) => view.timeline.items);
  const [said, setSaid] = useState({ eventId: "", text: "" });
  const last = useRef<string | null>(null);
  const typed = useRef(0);
  useEffect(() => {
    const note = ({ timeStamp, target }: KeyboardEvent) => {
      if (target instanceof HTMLTextAreaElement) typed.current = timeStamp;
    };
    addEventListener("keydown", note);
    return () => removeEventListener("keydown", note);
  }, []);
  useEffect(() => {
    const newest = items.at(-1);
    const before = last.current;
    last.current = newest?.eventId ?? null;
    if (!newest || before === null || before === newest.eventId || isSystem(newest) || newest.sender === me) return;
    const wait = Math.max(0, typed.current + QUIET - performance.now());
    const text = `${nameFor(newest)}: ${newest.body.slice(0, 300) || strings.sentFile}`;
    const timer = setTimeout(() => setSaid({ eventId: newest.eventId, text }), wait);
    return () => clearTimeout(timer);
  }, [items, me]);
  // What was deleted since is not kept here either.
  const stands = items.some((item) => item.eventId === said.eventId && !isSystem(item) && !item.deleted);
  return (
    <p className="sr-only" role="status">
      {stands && said.text}
    </p>
  );
}
