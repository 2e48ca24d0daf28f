// SPDX-License-Identifier: AGPL-3.0-or-later
import { useHere, useView } from "@/features/conversation/hooks";
import type { Conversation } from "@/features/conversation/model/conversation";
import { strings } from "@/features/conversation/strings";
import { nameOf } from "@/lib/person";

/** Who is writing just now; its place is always there. */
export function TypingLine({ conversation }: { conversation: Conversation }) {
  const { names } = useHere();
  const typing = useView(conversation, (view) => view.typing);
  const who = typing.map((userId) => nameOf({ userId, displayName: names.get(userId) ?? "" }));
  return (
    <p className="typing-line px-5" aria-live="polite">
      {who.length > 0 && (
        <>
          <span aria-hidden="true" className="flex gap-1">
            <span className="typing-dot" />
            <span className="typing-dot [animation-delay:150ms]" />
            <span className="typing-dot [animation-delay:300ms]" />
          </span>
          <bdi className="truncate">{strings.typing(who)}</bdi>
        </>
      )}
    </p>
  );
}
