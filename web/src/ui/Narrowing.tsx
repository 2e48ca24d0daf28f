// SPDX-License-Identifier: AGPL-3.0-or-later
import { ChevronDown, SlidersHorizontal } from "lucide-react";
import { type ReactNode, useId, useState } from "react";

import { useMedia } from "@/lib/media";

interface Props {
  label: string;
  children: ReactNode;
}

/** What can narrow a list down, beside it. On small screens it stands above, and opens when it is wanted. */
export function Narrowing({ label, children }: Props) {
  const id = useId();
  const beside = useMedia("(min-width: 64rem)");
  const [open, setOpen] = useState(false);
  return (
    <aside aria-label={label} className="glass-panel order-first min-w-0 p-4 lg:order-none">
      {beside ? (
        <h2 className="flex items-center gap-2 font-bold">
          <SlidersHorizontal aria-hidden="true" className="size-4.5 text-accent" /> {label}
        </h2>
      ) : (
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          className="flex min-h-8 w-full items-center gap-2 rounded-sm font-bold"
          onClick={() => setOpen(!open)}
        >
          <SlidersHorizontal aria-hidden="true" className="size-4.5 text-accent" /> {label}
          <ChevronDown aria-hidden="true" className={`ms-auto size-5 text-quiet ${open ? "rotate-180" : ""}`} />
        </button>
      )}
      <div id={id} hidden={!beside && !open} className="mt-4">
        {children}
      </div>
    </aside>
  );
}
