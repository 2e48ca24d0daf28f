// SPDX-License-Identifier: AGPL-3.0-or-later
import type { ReactNode } from "react";

/** One chapter of the style guide; what lies in it is only shown. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="grid gap-4" data-sample>
      <h2 className="text-lg font-bold">{title}</h2>
      {children}
    </section>
  );
}
