// SPDX-License-Identifier: AGPL-3.0-or-later
import { Link, Outlet, useMatchRoute } from "@tanstack/react-router";
import { UserRoundPlus, UserRoundSearch } from "lucide-react";

import { useWaitingCount } from "@/features/connections/api";
import { AskDialog } from "@/features/connections/components/NoteDialogs";
import { strings } from "@/features/connections/strings";
import { useAdding } from "@/features/connections/adding";
import { Button } from "@/ui/Button";
import { PageHeading } from "@/ui/PageHeading";

const TABS = [
  { to: "/connections", name: "friends" },
  { to: "/connections/incoming", name: "incoming" },
  { to: "/connections/outgoing", name: "outgoing" },
  { to: "/connections/blocked", name: "blocked" },
] as const;

/** The people one knows; each tab has an address of its own. */
export default function ConnectionsPage() {
  const waiting = useWaitingCount();
  const adding = useAdding((state) => state.open);
  const isAt = useMatchRoute();
  const here = TABS.find((tab) => isAt({ to: tab.to })) ?? TABS[0];
  return (
    <>
      <PageHeading
        title={strings.title}
        windowTitle={strings.tabs[here.name]}
        lead={strings.lead}
      >
        <div className="flex flex-wrap gap-2">
          <Link to="/people" className="btn-secondary">
            <UserRoundSearch aria-hidden="true" className="size-4.5" /> {strings.find}
          </Link>
          <Button look="primary" onPress={() => useAdding.setState({ open: true })}>
            <UserRoundPlus aria-hidden="true" className="size-4.5" /> {strings.add}
          </Button>
        </div>
      </PageHeading>
      <nav aria-label={strings.title} className="-mx-1 mb-4 flex gap-1 overflow-x-auto p-1">
        {TABS.map((tab) => (
          <Link
            key={tab.name}
            to={tab.to}
            activeOptions={{ exact: true }}
            className="tab-link"
          >
            {strings.tabs[tab.name]}
            {tab.name === "incoming" && waiting && (
              <span className="badge-count">
                {waiting}
                <span className="sr-only"> {strings.waitingCount}</span>
              </span>
            )}
          </Link>
        ))}
      </nav>
      <Outlet />
      <AskDialog open={adding} onClose={() => useAdding.setState({ open: false })} />
    </>
  );
}
