// SPDX-License-Identifier: AGPL-3.0-or-later
// In place of a room that is not there for one (any more): what happened, and where to go.
import { useQuery } from "@tanstack/react-query";
import { type LucideIcon, UserRoundX } from "lucide-react";
import type { ReactNode } from "react";

import { strings } from "@/app/strings";
import { nameOf } from "@/lib/person";
import { removalQuery, useReason } from "@/lib/removed";
import { relative } from "@/lib/time";
import { PageHeading } from "@/ui/PageHeading";
import { Notice, SkeletonRows } from "@/ui/States";

interface Props {
  /** As the address names it. */
  room: string;
  /** What it was called, while that is still known. */
  name: string | null | undefined;
  /** What is said when nobody removed one. */
  icon: LucideIcon;
  title: string;
  text: string;
  /** The way on. */
  children: ReactNode;
}

function sentence(who: string, banned: boolean, room: string | null | undefined): string {
  if (banned) return room ? strings.bannedFrom(who, room) : strings.banned(who);
  return room ? strings.removedFrom(who, room) : strings.removed(who);
}

export function Gone({ room, name, icon, title, text, children }: Props) {
  const { data, isPending } = useQuery(removalQuery(room));
  const reason = useReason(data?.roomId);
  const banned = data?.what === "banned";
  const why = reason ? strings.theySaid(reason) : strings.noReason;
  if (isPending) {
    return (
      <>
        <div className="sr-only">
          <PageHeading title={strings.happened} />
        </div>
        <SkeletonRows count={2} label={strings.happening} />
      </>
    );
  }
  return (
    <>
      <div className="sr-only">
        <PageHeading title={data ? strings.wereRemoved : title} />
      </div>
      {data ? (
        <Notice
          icon={UserRoundX}
          role="status"
          title={sentence(nameOf(data.by), banned, name)}
          text={[why, strings.thatWas(relative(data.at)), banned && strings.forGood].filter(Boolean).join(" ")}
        >
          {children}
        </Notice>
      ) : (
        <Notice icon={icon} title={title} text={text}>
          {children}
        </Notice>
      )}
    </>
  );
}
