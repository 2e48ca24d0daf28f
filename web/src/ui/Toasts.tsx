// SPDX-License-Identifier: AGPL-3.0-or-later
import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useEffect, useState } from "react";

import { STAYS, type Toast, act, dismiss, useToasts } from "@/lib/toasts";
import { strings } from "@/ui/strings";

/** The toasts, in a row of the layout of their own: they never lie over content. */
export function Toasts() {
  const list = useToasts((state) => state.list);
  return (
    <section aria-label={strings.toasts} aria-live="polite" className="grid gap-2 not-empty:py-2">
      {list.map((one) => (
        <Row key={one.id} toast={one} />
      ))}
    </section>
  );
}

function Row({ toast }: { toast: Toast }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return undefined;
    const waiting = setTimeout(() => dismiss(toast.id), STAYS);
    return () => clearTimeout(waiting);
  }, [held, toast.id]);
  const Icon = toast.tone === "bad" ? CircleAlert : CircleCheck;
  return (
    // Pointing at it or having the focus in it stops the clock (WCAG 2.2.1).
    <div
      className="glass-subtle rise flex min-h-12 items-center gap-3 py-1 pe-1 ps-4"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon
        aria-hidden="true"
        className={`size-5 shrink-0 ${toast.tone === "bad" ? "text-bad" : "text-good"}`}
      />
      <p className="wrap-anywhere grow text-sm font-medium">{toast.text}</p>
      {toast.action && (
        <button type="button" className="btn-outline btn-small" onClick={() => act(toast.id)}>
          {toast.action.label}
        </button>
      )}
      <button
        type="button"
        className="btn-ghost"
        aria-label={strings.putAway}
        onClick={() => dismiss(toast.id)}
      >
        <X className="size-4.5" />
      </button>
    </div>
  );
}
