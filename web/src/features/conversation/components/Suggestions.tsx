// SPDX-License-Identifier: AGPL-3.0-or-later
import { MessageSquareQuote, Megaphone } from "lucide-react";

import type { Suggestion } from "@/features/conversation/components/use-suggester";
import { strings } from "@/features/conversation/strings";
import { Avatar } from "@/ui/Avatar";

interface Props {
  id: string;
  list: readonly Suggestion[];
  chosen: Suggestion | undefined;
  onPoint: (one: Suggestion) => void;
  onPick: (one: Suggestion) => void;
}

/** What can stand where one is writing, above the composer. */
export function Suggestions({ id, list, chosen, onPoint, onPick }: Props) {
  if (!list.length) return null;
  return (
    <div id={id} role="listbox" aria-label={strings.suggestions} className="menu suggestions">
      {list.map((one) => (
        <div
          key={one.id}
          id={`${id}-${one.id}`}
          role="option"
          tabIndex={-1}
          aria-selected={one === chosen}
          className="menu-item"
          data-focused={one === chosen || undefined}
          onPointerMove={() => onPoint(one)}
          // The text keeps the focus.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onPick(one)}
          onKeyDown={(event) => event.key === "Enter" && onPick(one)}
        >
          <Face one={one} />
          <bdi className="truncate font-semibold">{one.label}</bdi>
          <bdi className="ms-auto max-w-1/2 truncate text-sm text-quiet">{one.detail}</bdi>
        </div>
      ))}
    </div>
  );
}

function Face({ one }: { one: Suggestion }) {
  if (one.person) return <Avatar person={one.person} size={32} />;
  const Icon = one.id === "room" ? Megaphone : MessageSquareQuote;
  return (
    <span className="grid size-8 place-items-center">
      <Icon aria-hidden="true" className="size-5 text-accent" />
    </span>
  );
}
