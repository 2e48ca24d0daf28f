// SPDX-License-Identifier: AGPL-3.0-or-later
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useId } from "react";

import { KINDS, type Wanted } from "@/features/search/api";
import { strings } from "@/features/search/strings";
import { roomsQuery } from "@/lib/rooms";

interface Props {
  wanted: Wanted;
  /** As it is being typed. */
  sender: string;
  onSender: (sender: string) => void;
  onChange: (wanted: Wanted) => void;
}

/** What narrows a search down: room, person, days, files or links. */
export function Filters({ wanted, sender, onSender, onChange }: Props) {
  const rooms = useQuery(roomsQuery).data?.rooms ?? [];
  const set = (more: Wanted) => onChange({ ...wanted, ...more });
  const has = (kind: Wanted["has"], label: string) => (
    <button
      key={label}
      type="button"
      className="chip min-h-8 aria-pressed:border-accent aria-pressed:text-accent"
      aria-pressed={wanted.has === kind}
      onClick={() => set({ has: kind })}
    >
      {label}
    </button>
  );
  return (
    <>
      <div className="grid gap-3 min-[24rem]:grid-cols-2 lg:grid-cols-4">
        <Labelled label={strings.room}>
          {(id) => (
            <select id={id} className="input-glass" value={wanted.room ?? ""} onChange={({ target }) => set({ room: target.value || undefined })}>
              <option value="">{strings.anyRoom}</option>
              {rooms.map((room) => (
                <option key={room.id} value={room.id}>
                  {room.name ?? strings.unnamed}
                </option>
              ))}
            </select>
          )}
        </Labelled>
        <Labelled label={strings.sender}>
          {(id) => (
            <input id={id} className="input-glass" placeholder={strings.senderHint} autoCapitalize="none" spellCheck={false} maxLength={255} value={sender} onChange={({ target }) => onSender(target.value)} />
          )}
        </Labelled>
        <Labelled label={strings.since}>
          {(id) => (
            <input id={id} type="date" className="input-glass" max={wanted.to} value={wanted.from ?? ""} onChange={({ target }) => set({ from: target.value || undefined })} />
          )}
        </Labelled>
        <Labelled label={strings.until}>
          {(id) => (
            <input id={id} type="date" className="input-glass" min={wanted.from} value={wanted.to ?? ""} onChange={({ target }) => set({ to: target.value || undefined })} />
          )}
        </Labelled>
      </div>
      <div role="group" aria-label={strings.has} className="flex flex-wrap gap-2">
        {has(undefined, strings.kinds.any)}
        {KINDS.map((kind) => has(kind, strings.kinds[kind]))}
      </div>
    </>
  );
}

function Labelled({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-sm font-semibold">
        {label}
      </label>
      {children(id)}
    </div>
  );
}
