// SPDX-License-Identifier: AGPL-3.0-or-later
import { type ReactNode, useEffect, useRef } from "react";

import { usePageTitle } from "@/lib/title";

let first = true;

interface Props {
  title: string;
  /** Title of the window, where it says more than the heading. */
  windowTitle?: string;
  lead?: string;
  /** Whether these are somebody's own words: a name, a title. */
  own?: boolean;
  children?: ReactNode;
}

/** The page's one h1: names the window, and takes the focus when one comes from another page. */
export function PageHeading({ title, windowTitle = title, lead, own, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  usePageTitle(windowTitle);
  useEffect(() => {
    // On the first page the browser's own order is right: the skip link comes first.
    // A window that was opened with the page keeps it too.
    const window = document.querySelector("[role=dialog], [role=alertdialog]");
    if (!first && !window && !heading.current?.parentElement?.contains(document.activeElement)) {
      heading.current?.focus();
    }
    first = false;
  }, []);
  return (
    <div className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <h1 ref={heading} tabIndex={-1} className="wrap-anywhere text-xl font-extrabold sm:text-2xl">
          {own ? <bdi>{title}</bdi> : title}
        </h1>
        {lead && <p className="mt-1 text-quiet">{own ? <bdi>{lead}</bdi> : lead}</p>}
      </div>
      {children}
    </div>
  );
}
