// SPDX-License-Identifier: AGPL-3.0-or-later
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";

import { settingsQuery, useChangeSettings } from "@/features/settings/api";
import { strings } from "@/features/settings/strings";
import { Choices, optionsOf } from "@/ui/Choices";
import { PageHeading } from "@/ui/PageHeading";
import { Failure, SkeletonRows } from "@/ui/States";
import { Toggle } from "@/ui/Toggle";

/** Who may reach one, and who sees what. Every change is saved at once. */
export function PrivacyPage() {
  const query = useQuery(settingsQuery);
  const changing = useChangeSettings();
  const settings = query.data;
  return (
    <>
      <PageHeading title={strings.privacy} lead={strings.privacyLead} />
      {query.isPending && <SkeletonRows label={strings.onTheWay} />}
      {query.isError && !settings && (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      )}
      {settings && (
        <div className="grid gap-4">
          <div className="glass-panel p-5">
            <Choices
              label={strings.requests}
              value={settings.requestPolicy}
              options={optionsOf(strings.requestOptions)}
              onChange={(requestPolicy) => changing.mutate({ requestPolicy })}
            />
            <hr className="my-5 border-line" />
            <Toggle
              label={strings.auto}
              text={strings.autoText}
              value={settings.autoDeclineStrangers}
              onChange={(autoDeclineStrangers) => changing.mutate({ autoDeclineStrangers })}
            />
          </div>
          <div className="glass-panel p-5">
            <Choices
              label={strings.dm}
              text={strings.dmText}
              value={settings.dmPolicy}
              options={optionsOf(strings.dmOptions)}
              onChange={(dmPolicy) => changing.mutate({ dmPolicy })}
            />
          </div>
          <div className="glass-panel p-5">
            <Choices
              label={strings.list}
              value={settings.connectionsVisibility}
              options={optionsOf(strings.listOptions)}
              onChange={(connectionsVisibility) => changing.mutate({ connectionsVisibility })}
            />
          </div>
          <div className="glass-panel p-5">
            <Choices
              label={strings.presence}
              text={strings.presenceText}
              value={settings.presence}
              options={optionsOf(strings.presenceOptions)}
              onChange={(presence) => changing.mutate({ presence })}
            />
          </div>
          <nav aria-label={strings.people} className="grid gap-2">
            <People to="/settings/following" title={strings.following} />
            <People to="/connections/blocked" title={strings.blocked} />
          </nav>
        </div>
      )}
    </>
  );
}

function People({ to, title }: { to: "/settings/following" | "/connections/blocked"; title: string }) {
  return (
    <Link to={to} className="glass-card flex min-h-14 items-center justify-between px-5 font-bold">
      {title}
      <ChevronRight aria-hidden="true" className="size-5 rtl:-scale-x-100 text-quiet" />
    </Link>
  );
}
