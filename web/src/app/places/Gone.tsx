// SPDX-License-Identifier: AGPL-3.0-or-later
// In place of a room that is not there for one (any more): what happened, and where to go.
import { useQuery } from "@tanstack/react-query";
import { type LucideIcon, UserRoundX } from "lucide-react";
import type { ReactNode } from "react";

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

export function Gone({ room, name, icon, title, text, children }: Props) {
  const { data, isPending } = useQuery(removalQuery(room));
  const reason = useReason(data?.roomId);
  const who = data ? nameOf(data.by) : "";
  const what = data?.what === "banned" ? "banned you" : "removed you";
  const from = name ? ` from ${name}` : "";
  const why = reason ? `They said: “${reason}”` : "They gave no reason that Kith could pass on.";
  const back = data?.what === "banned" ? "You cannot come back unless that is lifted." : "";
  if (isPending) {
    return (
      <>
        <div className="sr-only">
          <PageHeading title="What happened" />
        </div>
        <SkeletonRows count={2} label="What happened: on the way" />
      </>
    );
  }
  return (
    <>
      <div className="sr-only">
        <PageHeading title={data ? "You were removed" : title} />
      </div>
      {data ? (
        <Notice icon={UserRoundX} role="status" title={`${who} ${what}${from}`} text={`${why} That was ${relative(data.at)}. ${back}`}>
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
