// SPDX-License-Identifier: AGPL-3.0-or-later
// Where no page is: an unknown address, or a page that broke.
import { type ErrorComponentProps, Link } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { useEffect } from "react";

import { strings } from "@/app/strings";
import { logError } from "@/lib/report";
import { Brand } from "@/ui/Brand";
import { PageHeading } from "@/ui/PageHeading";
import { Failure, Notice } from "@/ui/States";

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <main id="content" className="mx-auto grid min-h-dvh max-w-lg content-center gap-6 px-4 py-8">
      <div className="text-center">
        <Brand large />
      </div>
      <div className="glass-panel p-6 text-center">
        <div className="sr-only">
          <PageHeading title={strings.notFound} />
        </div>
        <Notice
          icon={Compass}
          title={strings.nowhere}
          text={strings.nowhereText}
        >
          <Link to="/" className="btn-primary">
            {strings.takeHome}
          </Link>
        </Notice>
      </div>
    </main>
  );
}

/** A page that could not be drawn. */
export function Broken({ error, reset }: ErrorComponentProps) {
  useEffect(() => logError("page", error), [error]);
  return (
    <main id="content" className="mx-auto grid min-h-dvh max-w-lg content-center px-4">
      <h1 className="sr-only">{strings.broken}</h1>
      <div className="glass-panel">
        <Failure
          error={error}
          onRetry={() => {
            reset();
            location.reload();
          }}
        />
      </div>
    </main>
  );
}
