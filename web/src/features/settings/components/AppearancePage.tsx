// SPDX-License-Identifier: AGPL-3.0-or-later
import { strings } from "@/features/settings/strings";
import { changeLook, useLook } from "@/lib/look";
import { TONGUES, type Tongue } from "@/lib/tongues";
import { Choices, optionsOf } from "@/ui/Choices";
import { PageHeading } from "@/ui/PageHeading";
import { Toggle } from "@/ui/Toggle";

const LANGUAGES = (Object.keys(TONGUES) as Tongue[]).map((value) => ({ value, label: TONGUES[value], lang: value }));

/** How the app looks, speaks and listens to keys in this browser. */
export function AppearancePage() {
  const { theme, contrast, keys, tongue } = useLook();
  return (
    <>
      <PageHeading title={strings.appearance} lead={strings.appearanceLead} />
      <div className="grid gap-4">
        <div className="glass-panel grid gap-5 p-5">
          <Choices
            label={strings.theme}
            value={theme}
            options={optionsOf(strings.themeOptions)}
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
          <Choices
            label={strings.tongue}
            text={strings.tongueText}
            value={tongue}
            options={[{ value: "browser", label: strings.asBrowser }, ...LANGUAGES]}
            onChange={(next) => changeLook({ tongue: next })}
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
