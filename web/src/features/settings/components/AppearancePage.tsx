// SPDX-License-Identifier: AGPL-3.0-or-later
import { strings } from "@/features/settings/strings";
import { changeLook, useLook } from "@/lib/look";
import { Choices } from "@/ui/Choices";
import { PageHeading } from "@/ui/PageHeading";
import { Toggle } from "@/ui/Toggle";

/** How the app looks and listens to keys in this browser. */
export function AppearancePage() {
  const { theme, contrast, keys } = useLook();
  return (
    <>
      <PageHeading title={strings.appearance} lead={strings.appearanceLead} />
      <div className="grid gap-4">
        <div className="glass-panel grid gap-5 p-5">
          <Choices
            label={strings.theme}
            value={theme}
            options={strings.themeOptions}
            onChange={(next) => changeLook({ theme: next })}
          />
          <hr className="border-line" />
          <Toggle
            label={strings.contrast}
            text={strings.contrastText}
            value={contrast === "more"}
            onChange={(more) => changeLook({ contrast: more ? "more" : "system" })}
          />
        </div>
        <div className="glass-panel p-5">
          <Toggle
            label={strings.keys}
            text={strings.keysText}
            value={keys}
            onChange={(next) => changeLook({ keys: next })}
          />
        </div>
      </div>
    </>
  );
}
