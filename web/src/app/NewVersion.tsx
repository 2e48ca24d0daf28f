// SPDX-License-Identifier: AGPL-3.0-or-later
import { Sparkles } from "lucide-react";
import { useEffect } from "react";

import { strings } from "@/app/strings";
import { keepApp, useNewVersion } from "@/app/version";
import { Button } from "@/ui/Button";

/** Says that a newer version is there, and takes it when told to. */
export function NewVersion() {
  const take = useNewVersion((state) => state.take);
  useEffect(() => void keepApp(), []);
  return (
    <div role="status" className="px-3 py-2 empty:hidden md:px-0 md:pt-0">
      {take && (
        <div className="glass-subtle mx-auto flex max-w-4xl items-center gap-2.5 px-4 py-1.5 text-sm font-medium">
          <Sparkles aria-hidden="true" className="size-4.5 shrink-0 text-accent" />
          <p className="grow py-1">{strings.newVersion}</p>
          <Button small look="outline" onPress={take}>
            {strings.reload}
          </Button>
        </div>
      )}
    </div>
  );
}
