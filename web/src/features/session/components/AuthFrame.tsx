// SPDX-License-Identifier: AGPL-3.0-or-later
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { strings } from "@/features/session/strings";
import { Brand } from "@/ui/Brand";
import { PageHeading } from "@/ui/PageHeading";

interface Props {
  title: string;
  lead?: string;
  children: ReactNode;
  footer?: ReactNode;
}

/** What signing in, signing up and the way back in share. */
export function AuthFrame({ title, lead, children, footer }: Props) {
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr_auto] px-4">
      <header className="mx-auto flex w-full max-w-6xl items-center justify-between py-5">
        <Link to="/" aria-label={strings.start} className="rounded-md">
          <Brand large />
        </Link>
        <a href="/about" className="link text-sm">
          {strings.aboutServer}
        </a>
      </header>
      <main id="content" className="mx-auto grid w-full max-w-md content-center py-8">
        <div className="glass-panel rise p-6 sm:p-8">
          <PageHeading title={title} lead={lead} />
          {children}
        </div>
        {footer && <div className="mt-5 text-center text-quiet">{footer}</div>}
      </main>
      <footer className="py-5 text-center text-xs text-quiet">
        {strings.licence}
      </footer>
    </div>
  );
}
