// SPDX-License-Identifier: AGPL-3.0-or-later
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { addressOf, handleOf, nameOf } from "@/lib/person";
import { useMe } from "@/lib/session";
import type { Person } from "@/lib/types";
import { Avatar } from "@/ui/Avatar";

interface Props {
  person: Person;
  /** A line under the name. */
  detail?: ReactNode;
  /** What they wrote. */
  note?: string | null;
  children?: ReactNode;
}

/** One person in a list, with what one can do about them. */
export function PersonRow({ person, detail, note, children }: Props) {
  const { home } = useMe();
  return (
    <li className="glass-card flex flex-wrap items-center gap-x-4 gap-y-3 px-4 py-3">
      <Avatar person={person} size={48} />
      <div className="wrap-anywhere min-w-36 grow basis-0">
        <Link
          to="/profile/$user"
          params={{ user: addressOf(person.userId, home) }}
          className="rounded-sm font-bold hover:underline"
        >
          <bdi>{nameOf(person)}</bdi>
        </Link>
        <span className="ms-2 text-sm text-quiet"><bdi>{handleOf(person.userId, home)}</bdi></span>
        {detail && <p className="text-sm text-quiet">{detail}</p>}
        {note && (
          <p className="glass-subtle mt-2 inline-block rounded-ss-sm px-3 py-1.5 text-sm"><bdi>{note}</bdi></p>
        )}
      </div>
      {children && <div className="ms-auto flex flex-wrap items-center gap-2">{children}</div>}
    </li>
  );
}
