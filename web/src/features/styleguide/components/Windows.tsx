// SPDX-License-Identifier: AGPL-3.0-or-later
import { Ban, Check, CloudOff, Inbox } from "lucide-react";
import { useState } from "react";

import { Part } from "@/features/styleguide/components/Part";
import { ApiError } from "@/lib/api-error";
import { toast } from "@/lib/toasts";
import { ActionMenu } from "@/ui/ActionMenu";
import { Button } from "@/ui/Button";
import { Ask, Dialog } from "@/ui/Dialog";
import { Failure, Notice, SkeletonRows } from "@/ui/States";
import { Toasts } from "@/ui/Toasts";

/** What lies over the page, and what is said about what was done. */
export function Windows() {
  const [open, setOpen] = useState<"dialog" | "ask" | null>(null);
  const close = () => setOpen(null);
  const actions = [
    { id: "one", label: "An action", icon: Check, run: () => toast("Done.") },
    { id: "two", label: "A serious one", icon: Ban, tone: "bad" as const, run: () => setOpen("ask") },
  ];
  return (
    <Part title="Windows and words">
      <div className="flex flex-wrap gap-3">
        <Button onPress={() => setOpen("dialog")}>Open a window</Button>
        <Button onPress={() => setOpen("ask")}>Ask something serious</Button>
        <Button onPress={() => toast("Put away.", { action: { label: "Undo", run: close } })}>
          Toast
        </Button>
        <Button onPress={() => toast("That did not work.", { tone: "bad" })}>Bad toast</Button>
        <ActionMenu label="Menu" actions={actions} />
      </div>
      <Toasts />
      <Dialog title="A window" open={open === "dialog"} onClose={close}>
        <p className="text-quiet">It keeps the focus inside and gives it back.</p>
      </Dialog>
      <Ask
        title="Really?"
        text="This cannot be undone."
        confirm="Do it"
        open={open === "ask"}
        onClose={close}
        onConfirm={close}
      />
    </Part>
  );
}

const FAILURES = [
  ApiError.offline(),
  new ApiError("too_many_requests", 429, "Too many requests.", 42_000),
  new ApiError("list_hidden", 403, "This list is not shown to you."),
  new ApiError("database_unavailable", 503, "The database does not answer. Try again in a moment."),
];

/** What stands where content would. */
export function StatesPart() {
  return (
    <Part title="States">
      <div className="grid gap-4 md:grid-cols-2">
        <SkeletonRows count={2} label="On the way" />
        <div className="glass-subtle">
          <Notice icon={Inbox} title="Nothing waits for you" text="An empty list.">
            <Button look="primary">The one thing to do</Button>
          </Notice>
        </div>
        {FAILURES.map((error) => (
          <div key={error.code} className="glass-subtle">
            <Failure error={error} onRetry={() => toast("Tried again.")} />
          </div>
        ))}
        <p className="glass-subtle flex items-center gap-2.5 self-start px-4 py-2.5 text-sm font-medium">
          <CloudOff aria-hidden="true" className="size-4.5 text-bad" /> You are offline.
        </p>
      </div>
    </Part>
  );
}
