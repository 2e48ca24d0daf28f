// SPDX-License-Identifier: AGPL-3.0-or-later
import { Hash, type LucideIcon, MessagesSquare, Pin, Search, UsersRound } from "lucide-react";
import { type ReactNode, memo } from "react";

import type { PanelName } from "@/features/conversation/components/Panel";
import { useHere } from "@/features/conversation/hooks";
import { strings } from "@/features/conversation/strings";
import { Button } from "@/ui/Button";

interface Props {
  header?: ReactNode;
  panel: PanelName | null;
  onPanel: (panel: PanelName | null) => void;
}

const PANELS: readonly { name: PanelName; icon: LucideIcon }[] = [
  { name: "search", icon: Search },
  { name: "pins", icon: Pin },
  { name: "threads", icon: MessagesSquare },
  { name: "members", icon: UsersRound },
];

/** Which conversation this is, and what can be looked up in it. */
export const RoomHeader = memo(function RoomHeader({ header, panel, onPanel }: Props) {
  const { room, name } = useHere();
  return (
    <header className="room-head">
      {header ?? (
        <div className="flex min-w-0 items-center gap-3">
          <span aria-hidden="true" className="grid size-10 shrink-0 place-items-center rounded-full border border-line bg-linear-to-br from-cyan-500/25 to-pink-500/25 text-lg">
            {room.emoji ?? <Hash className="size-5 text-accent" />}
          </span>
          <div className="min-w-0">
            <h1 className="truncate text-lg font-bold">
              <bdi>{name}</bdi>
            </h1>
            <p className="truncate text-xs text-quiet">
              {strings.people(room.membersCount)}
              {room.onlineCount > 0 && ` · ${strings.online(room.onlineCount)}`}
              {room.topic && (
                <>
                  {" · "}
                  <bdi>{room.topic}</bdi>
                </>
              )}
            </p>
          </div>
        </div>
      )}
      <div className="ms-auto flex shrink-0">
        {PANELS.map(({ name: which, icon: Icon }) => (
          <Button
            key={which}
            look="ghost"
            aria-label={strings[which]}
            aria-expanded={panel === which}
            className={which === "threads" || which === "members" ? "max-sm:hidden" : ""}
            onPress={() => onPanel(panel === which ? null : which)}
          >
            <Icon className="size-5" />
          </Button>
        ))}
      </div>
    </header>
  );
});
