// SPDX-License-Identifier: AGPL-3.0-or-later
import { Link } from "@tanstack/react-router";

import { strings } from "@/features/listings/strings";
import { addressOf } from "@/lib/person";
import { useMe } from "@/lib/session";

const EXACT = { exact: true, includeSearch: true };

/** The ways between everybody's listings, one's own, and one's searches. */
export function Views({ at }: { at: "all" | "yours" | "saved" }) {
  const me = useMe();
  const seller = addressOf(me.userId, me.home);
  const here = (name: typeof at) => (name === at ? ("page" as const) : undefined);
  return (
    <nav aria-label={strings.views} className="-mx-1 mb-4 flex gap-1 overflow-x-auto p-1">
      <Link to="/listings" search={{}} activeOptions={EXACT} aria-current={here("all")} className="tab-link">
        {strings.all}
      </Link>
      <Link to="/listings" search={{ seller }} activeOptions={EXACT} aria-current={here("yours")} className="tab-link">
        {strings.yours}
      </Link>
      <Link to="/listings/saved" aria-current={here("saved")} className="tab-link">
        {strings.saved}
      </Link>
    </nav>
  );
}
