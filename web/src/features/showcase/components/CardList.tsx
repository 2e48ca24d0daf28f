// SPDX-License-Identifier: AGPL-3.0-or-later
import { ArrowDown, ArrowDownToLine, ArrowUp, ArrowUpToLine, GripVertical, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button as Pressable, GridList, GridListItem, useDragAndDrop } from "react-aria-components";

import { NOTE, dropped, movedTo } from "@/features/showcase/model";
import { strings } from "@/features/showcase/strings";
import type { Card } from "@/lib/types";
import { ActionMenu, type MenuAction } from "@/ui/ActionMenu";

interface Props {
  label: string;
  cards: readonly Card[];
  /** The cards as they are to be, and what to say about it. */
  onChange: (cards: readonly Card[], words?: string) => void;
}

/** The cards of one collection: dragged, moved by keys (Enter on the handle, then arrows), or by the menu. */
export function CardList({ label, cards, onChange }: Props) {
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) => [...keys].map((key) => ({ "text/plain": titleOf(cards, String(key)) })),
    onReorder: ({ keys, target }) => {
      const ids = new Set([...keys].map(String));
      const where = target.dropPosition === "before" ? "before" : "after";
      tell(dropped(cards, ids, String(target.key), where), [...ids][0] ?? "");
    },
  });
  const tell = (next: readonly Card[], id: string) => {
    if (next === cards) return;
    const place = next.findIndex(({ entityId }) => entityId === id) + 1;
    onChange(next, strings.moved(titleOf(cards, id), place, next.length));
  };
  return (
    <GridList
      aria-label={label}
      items={cards}
      dragAndDropHooks={dragAndDropHooks}
      keyboardNavigationBehavior="tab"
      className="grid gap-2"
    >
      {cards.map((card, at) => (
        <GridListItem key={card.entityId} id={card.entityId} textValue={card.title} className="card-row">
          <Pressable slot="drag" className="btn-ghost" aria-label={strings.drag(card.title)}>
            <GripVertical className="size-4.5" />
          </Pressable>
          <div className="grid min-w-0 grow gap-1">
            <p className="truncate font-bold"><bdi>{card.title}</bdi></p>
            {card.subtitle && <p className="truncate text-sm text-quiet">{card.subtitle}</p>}
            {card.unavailable && <p className="text-sm text-bad">{strings.gone}</p>}
            <Note
              key={card.note}
              card={card}
              onChange={(note) => onChange(cards.map((one) => (one === card ? { ...one, note } : one)))}
            />
          </div>
          <ActionMenu label={strings.more(card.title)} actions={actions(cards, at, (to) => tell(movedTo(cards, at, to), card.entityId), () => onChange(cards.toSpliced(at, 1), strings.removed(card.title)))} />
        </GridListItem>
      ))}
    </GridList>
  );
}

const titleOf = (cards: readonly Card[], id: string): string => cards.find(({ entityId }) => entityId === id)?.title ?? "";

function actions(cards: readonly Card[], at: number, go: (to: number) => void, remove: () => void): MenuAction[] {
  const end = cards.length - 1;
  const moves: MenuAction[] = [
    ...(at > 1 ? [{ id: "first", label: strings.first, icon: ArrowUpToLine, run: () => go(0) }] : []),
    ...(at > 0 ? [{ id: "up", label: strings.up, icon: ArrowUp, run: () => go(at - 1) }] : []),
    ...(at < end ? [{ id: "down", label: strings.down, icon: ArrowDown, run: () => go(at + 1) }] : []),
    ...(at < end - 1 ? [{ id: "last", label: strings.last, icon: ArrowDownToLine, run: () => go(end) }] : []),
  ];
  return [...moves, { id: "remove", label: strings.remove, icon: Trash2, tone: "bad", run: remove }];
}

function Note({ card, onChange }: { card: Card; onChange: (note: string) => void }) {
  const [text, setText] = useState(card.note ?? "");
  return (
    <input
      className="input-glass min-h-9 py-1 text-sm"
      aria-label={strings.note(card.title)}
      placeholder={strings.notePlaceholder}
      maxLength={NOTE}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== "Enter") return;
        // It is kept by itself; the form around it is another matter.
        event.preventDefault();
        event.currentTarget.blur();
      }}
      onBlur={() => text.trim() !== (card.note ?? "") && onChange(text.trim())}
    />
  );
}
