// SPDX-License-Identifier: AGPL-3.0-or-later
import { strings } from "@/features/conversation/strings";

const LINES = [
  ["w-52", false], ["w-80", false], ["w-44", true], ["w-64", true], ["w-72", false], ["w-40", false], ["w-60", true],
] as const;

/** A conversation in the shape it will have. */
export function RoomSkeleton({ inside }: { inside?: boolean }) {
  const rows = (
    <div role="status" className="flex min-h-0 grow flex-col justify-end gap-3 overflow-hidden px-4 pb-3">
      <span className="sr-only">{strings.loading}</span>
      {LINES.map(([width, mine]) => (
        <div key={width} className={`flex items-end gap-2.5 ${mine ? "justify-end" : ""}`}>
          {!mine && <div className="skeleton size-8 rounded-full" />}
          <div className={`skeleton h-10 max-w-full rounded-lg ${width}`} />
        </div>
      ))}
    </div>
  );
  if (inside) return rows;
  return (
    <div className="room">
      <div className="room-head">
        <div className="skeleton size-10 rounded-full" />
        <div className="grid gap-1.5">
          <div className="skeleton h-4 w-36" />
          <div className="skeleton h-3 w-52" />
        </div>
      </div>
      {rows}
      <div className="composer">
        <div className="skeleton h-12 rounded-[18px]" />
      </div>
    </div>
  );
}
