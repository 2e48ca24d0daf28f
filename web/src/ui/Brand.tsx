// SPDX-License-Identifier: AGPL-3.0-or-later
import { useId } from "react";

/** The mark and the name; `mark` leaves the name out. */
export function Brand({ large, mark }: { large?: boolean; mark?: boolean }) {
  // A gradient of a hidden mark would colour nothing, so each has its own.
  const id = useId();
  return (
    <span className={`inline-flex items-center gap-2.5 font-extrabold ${large ? "text-xl" : "text-lg"}`}>
      <svg aria-hidden="true" viewBox="0 0 32 20" className={large ? "h-6" : "h-5"}>
        <defs>
          <linearGradient id={id} x1="0" y1="0" x2="1" y2="1">
            <stop stopColor="#22d3ee" />
            <stop offset="1" stopColor="#db2777" />
          </linearGradient>
        </defs>
        <g fill="none" stroke={`url(#${id})`} strokeWidth="3.4">
          <circle cx="11" cy="10" r="8" />
          <circle cx="21" cy="10" r="8" />
        </g>
      </svg>
      {!mark && "Kith"}
    </span>
  );
}
