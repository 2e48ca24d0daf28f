// SPDX-License-Identifier: AGPL-3.0-or-later
import { useQuery } from "@tanstack/react-query";
import { Lock } from "lucide-react";

import { strings } from "@/app/strings";
import { relationshipQuery } from "@/features/connections/api";
import { CallToAction } from "@/features/connections/components/CallToAction";
import { nameOf } from "@/lib/person";

/** In place of the composer: why nobody can write, and the one thing that helps (F4). */
export function Frozen({ user, reason }: { user: string; reason: string | null }) {
  const { data } = useQuery(relationshipQuery(user));
  const name = data ? nameOf(data.person) : "";
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-3 border-t border-line px-4 py-3">
      <p className="flex min-w-48 grow basis-0 items-center gap-2.5 text-sm font-medium">
        <Lock aria-hidden="true" className="size-4.5 shrink-0 text-quiet" />
        <span>{sentence(data?.state, name, reason)}</span>
      </p>
      {data && (
        <div className="flex flex-wrap gap-2">
          <CallToAction relationship={data} />
        </div>
      )}
    </div>
  );
}

function sentence(state: string | undefined, name: string, reason: string | null): string {
  if (state === "blocked") return strings.frozen.blocked(name);
  if (state === "request_sent") return strings.frozen.sent(name);
  if (state === "request_received") return strings.frozen.received(name);
  if (state === "none") return strings.frozen.none(name);
  return reason === "invite_required" ? strings.frozen.left : strings.frozen.otherwise;
}
