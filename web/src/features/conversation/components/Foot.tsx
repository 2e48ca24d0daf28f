// SPDX-License-Identifier: AGPL-3.0-or-later
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { type Room, join, roomChanged } from "@/features/conversation/api";
import { strings } from "@/features/conversation/strings";
import { nameOf } from "@/lib/person";
import { removalQuery, useReason } from "@/lib/removed";
import { handleError } from "@/lib/report";
import { relative } from "@/lib/time";
import { toast } from "@/lib/toasts";
import { Button } from "@/ui/Button";

/** The composer, or why there is none. */
export function Foot({ room, children }: { room: Room; children: ReactNode }) {
  const client = useQueryClient();
  const [joining, setJoining] = useState(false);
  const enter = async () => {
    setJoining(true);
    try {
      await join(room.roomId);
      await roomChanged(client);
    } catch (error) {
      toast(handleError("join", error), { tone: "bad" });
    } finally {
      setJoining(false);
    }
  };
  if (room.membership !== "join") {
    return (
      <div className="foot-note">
        {room.removed ? <Removed roomId={room.roomId} /> : <p>{strings.joinText}</p>}
        <Button look="primary" busy={joining} onPress={() => void enter()}>
          {strings.join}
        </Button>
      </div>
    );
  }
  if (room.encrypted) return <p className="foot-note">{strings.encryptedRoom}</p>;
  if (room.readOnly || !room.can.send) {
    return <p className="foot-note">{strings.readOnlyBy[room.readOnlyReason ?? ""] ?? strings.readOnly}</p>;
  }
  return children;
}

/** Who took one out of a room that is open to all, and what they said to it where that is known. */
function Removed({ roomId }: { roomId: string }) {
  const { data } = useQuery(removalQuery(roomId));
  const reason = useReason(roomId);
  if (!data) return <p role="status">{strings.joinText}</p>;
  return (
    <p role="status">
      {strings.removedBy(nameOf(data.by), relative(data.at))}{" "}
      {reason && <bdi>{strings.theySaid(reason)} </bdi>}
      {strings.joinAgain}
    </p>
  );
}
