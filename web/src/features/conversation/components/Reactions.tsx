// SPDX-License-Identifier: AGPL-3.0-or-later
import { useMessageActions } from "@/features/conversation/actions";
import { useHere } from "@/features/conversation/hooks";
import { strings } from "@/features/conversation/strings";
import type { Message, Reaction } from "@/lib/message";
import { nameOf } from "@/lib/person";

/** What others felt, and a way to feel the same. */
export function Reactions({ message }: { message: Message }) {
  const { names, me } = useHere();
  const { toggle } = useMessageActions();
  const said = ({ count, people }: Reaction): string => {
    const known = people.map(({ userId, name }) =>
      userId === me ? strings.you : (name ?? names.get(userId) ?? nameOf({ userId, displayName: "" })),
    );
    const rest = count - known.length;
    return `${known.join(", ")}${rest > 0 ? ` +${rest}` : ""}`;
  };
  return (
    <div className="flex flex-wrap gap-1">
      {message.reactions.map((reaction) => (
        <button
          key={reaction.key}
          type="button"
          className="reaction"
          aria-pressed={reaction.mine !== null}
          title={said(reaction)}
          onClick={() => toggle(message, reaction.key)}
        >
          <span className="max-w-32 truncate text-base leading-none">{reaction.key}</span>
          <span className="tabular-nums">{reaction.count}</span>
          <span className="sr-only">
            : <bdi>{said(reaction)}</bdi>
          </span>
        </button>
      ))}
    </div>
  );
}
