// SPDX-License-Identifier: AGPL-3.0-or-later
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CalendarClock } from "lucide-react";

import { erasureQuery } from "@/features/privacy/api";
import { KeepButton } from "@/features/privacy/components/KeepButton";
import { strings } from "@/features/privacy/strings";
import { useMe } from "@/lib/session";
import { day, left } from "@/lib/time";

/** On every page while one's account waits for its deletion: when that is, and how it is called off. */
export function ErasureBar() {
  const { local } = useMe();
  const { data } = useQuery({ ...erasureQuery, enabled: local });
  if (data?.state !== "waiting" || !data.eraseAt) return null;
  return (
    <section aria-label={strings.notice} className="px-3 pt-2 md:px-0 md:pt-0 md:pb-2">
      <div className="glass-subtle mx-auto flex max-w-4xl flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-1.5 text-sm font-medium">
        <CalendarClock aria-hidden="true" className="size-4.5 shrink-0 text-bad" />
        <p className="grow basis-52 py-1">
          {strings.pending(day(data.eraseAt), left(data.eraseAt))}{" "}
          <Link to="/settings/data" className="link">
            {strings.more}
          </Link>
        </p>
        <KeepButton small />
      </div>
    </section>
  );
}
