// SPDX-License-Identifier: AGPL-3.0-or-later
import { useState } from "react";

import { hueOf, initialsOf, nameOf, pictureOf } from "@/lib/person";
import type { Person } from "@/lib/types";

const GROUNDS = [
  "from-cyan-700 to-indigo-800",
  "from-fuchsia-800 to-indigo-800",
  "from-teal-700 to-cyan-900",
  "from-violet-700 to-fuchsia-900",
  "from-rose-700 to-violet-900",
  "from-sky-700 to-violet-800",
] as const;
const SIZES = { 24: "size-6 text-[0.625rem]", 32: "size-8 text-xs", 40: "size-10 text-sm", 48: "size-12 text-base", 112: "size-28 text-2xl" };

interface Props {
  person: Pick<Person, "userId" | "displayName" | "avatarUrl">;
  /** CSS pixels. */
  size?: keyof typeof SIZES;
  /** Where the picture is, when that is known better than by its `mxc://` address. */
  src?: string;
}

/** A person's picture, or their letters on their own colours. Decoration: the name stands beside. */
export function Avatar({ person, size = 40, src }: Props) {
  const [broken, setBroken] = useState<string | null>(null);
  const source = src ?? pictureOf(person.avatarUrl, size > 64 ? 256 : 96);
  const shape = `${SIZES[size]} shrink-0 rounded-full ring-1 ring-line`;
  if (source && source !== broken) {
    return (
      <img
        className={`${shape} bg-raised object-cover`}
        src={source}
        alt=""
        width={size}
        height={size}
        loading="lazy"
        decoding="async"
        onError={() => setBroken(source)}
      />
    );
  }
  const ground = GROUNDS[hueOf(person.userId, GROUNDS.length)];
  return (
    <span
      aria-hidden="true"
      // Drawn, not written: what is written in a button has to be part of its name.
      data-letters={initialsOf(nameOf(person))}
      className={`${shape} grid place-items-center bg-linear-to-br font-bold text-white before:content-[attr(data-letters)] ${ground}`}
    />
  );
}
