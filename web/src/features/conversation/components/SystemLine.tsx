// SPDX-License-Identifier: AGPL-3.0-or-later
import { strings } from "@/features/conversation/strings";
import { fullTime } from "@/features/conversation/times";
import type { SystemRow } from "@/lib/message";
import { nameOf } from "@/lib/person";

const called = (userId: string | null, name: string | null): string =>
  name?.trim() || (userId?.startsWith("@") ? nameOf({ userId, displayName: "" }) : (userId ?? ""));

/** What several rows of one kind say together. */
function together(rows: readonly SystemRow[]): string {
  const [row] = rows;
  if (!row) return "";
  const who = called(row.sender, row.senderName);
  const whom = strings.list([...new Set(rows.map((one) => called(one.subject, one.subjectName) || called(one.sender, one.senderName)))]);
  const text = rows.at(-1)?.text ?? "";
  switch (row.what) {
    case "invited":
    case "removed":
    case "banned":
      return strings.system[row.what](who, whom);
    case "joined":
    case "left":
      return strings.system[row.what](whom);
    case "renamed":
    case "topic":
      return strings.system[row.what](who, text);
    default:
      return strings.system[row.what](who);
  }
}

/** What rows of the room's life say: those of one kind in one sentence. */
export function systemText(rows: readonly SystemRow[]): string {
  const kinds = new Map<string, SystemRow[]>();
  for (const row of rows) {
    const by = ["joined", "left"].includes(row.what) ? "" : row.sender;
    const kind = `${row.what} ${by}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), row]);
  }
  return [...kinds.values()].map(together).join(" · ");
}

/** Who came, what changed. */
export function SystemLine({ rows }: { rows: readonly SystemRow[] }) {
  return (
    <p className="wrap-anywhere mx-auto max-w-160 py-1.5 text-center text-xs text-quiet" title={fullTime(rows[0]?.ts ?? 0)}>
      <bdi>{systemText(rows)}</bdi>
    </p>
  );
}
