// SPDX-License-Identifier: AGPL-3.0-or-later
import { Link } from "@tanstack/react-router";
import { BellOff, Lock } from "lucide-react";

import type { Filter } from "@/features/messages/api";
import { Picture } from "@/features/messages/components/Picture";
import { excerptOf, titleOf } from "@/features/messages/naming";
import { strings } from "@/features/messages/strings";
import { useIsHere } from "@/lib/presence";
import { useCounts } from "@/lib/rooms";
import { useMe } from "@/lib/session";
import { brief } from "@/lib/time";
import type { InboxEntry } from "@/lib/types";
import { UnreadMark } from "@/ui/UnreadMark";
import { strings as ui } from "@/ui/strings";

interface Props {
  entry: InboxEntry;
  filter: Filter;
  row: { "data-row": string; tabIndex: number };
}

/** One conversation in the list. */
export function InboxRow({ entry, filter, row }: Props) {
  const { userId } = useMe();
  const counts = useCounts(entry);
  const direct = entry.type === "direct";
  const other = direct ? (entry.participants.find((one) => one.userId !== userId)?.userId ?? null) : null;
  const here = useIsHere(other, entry.lastActiveAt);
  const loud = counts.unread > 0 || counts.mentions > 0;
  return (
    <li>
      <Link
        to="/messages/$conversation"
        params={{ conversation: entry.id }}
        search={filter === "all" ? {} : { filter }}
        activeOptions={{ includeSearch: false }}
        className="place-item"
        data-unread={loud || undefined}
        {...row}
      >
        <Picture conversation={entry} lastActiveAt={entry.lastActiveAt} />
        <span className="grid min-w-0 grow grid-cols-[minmax(0,1fr)]">
          <span className="flex items-baseline gap-2">
            <span className={`truncate text-ink ${loud ? "font-bold" : "font-semibold"}`}><bdi>{titleOf(entry, userId)}</bdi></span>
            {here && <span className="sr-only">, {ui.hereNow}</span>}
            {entry.muted && (
              <>
                <BellOff aria-hidden="true" className="size-3.5 shrink-0 self-center" />
                <span className="sr-only">, {strings.isMuted}</span>
              </>
            )}
            {entry.readOnly && (
              <>
                <Lock aria-hidden="true" className="size-3.5 shrink-0 self-center" />
                <span className="sr-only">, {strings.frozen}</span>
              </>
            )}
            {entry.lastMessage && (
              <span className="ms-auto shrink-0 text-xs tabular-nums">{brief(entry.lastMessage.ts)}</span>
            )}
          </span>
          <span className="flex items-center gap-2">
            <bdi className={`grow truncate text-sm ${loud ? "font-semibold text-ink" : ""}`}>{excerptOf(entry, userId)}</bdi>
            <UnreadMark counts={counts} direct={direct} />
          </span>
        </span>
      </Link>
    </li>
  );
}
