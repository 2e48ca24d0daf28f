// SPDX-License-Identifier: AGPL-3.0-or-later
import { strings } from "@/features/conversation/strings";
import { fullTime } from "@/features/conversation/times";
import type { SystemRow } from "@/lib/message";
import { nameOf } from "@/lib/person";

const called = (userId: string | null, name: string | null): string =>
  name?.trim() || (userId?.startsWith("@") ? nameOf({ userId, displayName: "" }) : (userId ?? ""));

/** What a row of the room's life says. */
export function systemText(row: SystemRow): string {
  const who = called(row.sender, row.senderName);
  const whom = called(row.subject, row.subjectName);
  const text = row.text ?? "";
  switch (row.what) {
    case "invited":
    case "removed":
    case "banned":
      return strings.system[row.what](who, whom);
    case "joined":
    case "left":
      return strings.system[row.what](whom || who);
    case "renamed":
    case "topic":
      return strings.system[row.what](who, text);
    default:
      return strings.system[row.what](who);
  }
}

/** A row of the room's life: who came, what changed. */
export function SystemLine({ row }: { row: SystemRow }) {
  return (
    <p className="wrap-anywhere py-1.5 text-center text-xs text-quiet" title={fullTime(row.ts)}>
      <bdi>{systemText(row)}</bdi>
    </p>
  );
}
