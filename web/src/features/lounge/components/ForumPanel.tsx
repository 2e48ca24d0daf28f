// SPDX-License-Identifier: AGPL-3.0-or-later
import { useNavigate } from "@tanstack/react-router";
import { Suspense, lazy, useState } from "react";

import { strings } from "@/features/lounge/strings";
import { useRoomActions } from "@/lib/rooms";
import type { Room } from "@/lib/types";
import { Button } from "@/ui/Button";
import { Roster } from "@/ui/Roster";
import { Toggle } from "@/ui/Toggle";

// Rarely opened, and larger than all the rest.
const Ask = lazy(async () => ({ default: (await import("@/ui/Dialog")).Ask }));

/** What a forum is about, who is in it, and how loud it is for one. */
export function ForumPanel({ room }: { room: Room }) {
  const navigate = useNavigate();
  const { mute, leave } = useRoomActions();
  const [asking, setAsking] = useState(false);
  const name = room.name ?? strings.unnamed;
  const about = room.description ?? room.topic;
  return (
    <div className="grid gap-5">
      <section aria-label={strings.about} className="grid gap-2 text-sm">
        {about && <p className="wrap-anywhere"><bdi>{about}</bdi></p>}
        <p className="flex items-center gap-2 text-quiet">
          <span aria-hidden="true" className={`luminous-dot ${room.onlineCount ? "" : "luminous-dot-away"}`} />
          {strings.online(room.onlineCount)} · {strings.members(room.membersCount)}
        </p>
        {room.slowMode > 0 && <p className="text-quiet">{strings.slow(room.slowMode)}</p>}
      </section>
      {room.membership === "join" && (
        <section aria-label={strings.mute} className="grid gap-4 border-t border-line pt-4">
          <Toggle
            label={strings.mute}
            text={strings.muteText}
            value={room.muted}
            disabled={mute.isPending}
            onChange={(muted) => mute.mutate({ room: room.id, muted })}
          />
          <Button small className="justify-self-start" onPress={() => setAsking(true)}>
            {strings.leave}
          </Button>
        </section>
      )}
      <section aria-labelledby="roster-title" className="border-t border-line pt-4">
        <h3 id="roster-title" className="mb-2 text-sm font-bold">
          {strings.people}
        </h3>
        <Roster room={room.id} />
      </section>
      {asking && (
        <Suspense>
          <Ask
            title={strings.leaveTitle(name)}
            text={strings.leaveText}
            confirm={strings.leave}
            open
            busy={leave.isPending}
            onClose={() => setAsking(false)}
            onConfirm={() => leave.mutate({ room: room.id, go: () => navigate({ to: "/lounge" }) })}
          />
        </Suspense>
      )}
    </div>
  );
}
