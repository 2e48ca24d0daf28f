// SPDX-License-Identifier: AGPL-3.0-or-later
import { closeOverlay, useOverlays } from "@/app/overlays";
import { SHORTCUTS } from "@/app/shortcuts";
import { strings } from "@/app/strings";
import { useLook } from "@/lib/look";
import { Dialog } from "@/ui/Dialog";

/** Every key of the app. */
export function ShortcutSheet() {
  const open = useOverlays((state) => state.open === "shortcuts");
  const letters = useLook((state) => state.keys);
  return (
    <Dialog title={strings.keyboard} open={open} onClose={closeOverlay}>
      <dl className="grid gap-1">
        {SHORTCUTS.filter((one) => letters || !one.letter).map(({ keys, does }) => (
          <div key={does} className="flex min-h-10 items-center justify-between gap-4">
            <dt className="text-quiet">{strings.keys[does]}</dt>
            <dd className="flex gap-1">
              {keys.map((key) => (
                <kbd key={key} className="kbd">
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      {!letters && <p className="mt-3 text-sm text-quiet">{strings.keysOff}</p>}
    </Dialog>
  );
}
