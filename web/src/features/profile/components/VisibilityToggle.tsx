// SPDX-License-Identifier: AGPL-3.0-or-later
import { EyeOff, Globe, Lock } from "lucide-react";
import { Radio, RadioGroup } from "react-aria-components";

import { LEVELS, type Level } from "@/features/profile/model/fields";
import { strings } from "@/features/profile/strings";

const ICONS = { public: Globe, connections: Lock, private: EyeOff } as const;

interface Props {
  /** Of what. */
  name: string;
  value: Level;
  onChange: (level: Level) => void;
  /** Says the levels in words too. */
  worded?: boolean;
}

/** Who sees something: everybody, friends, or only oneself. The same control everywhere. */
export function VisibilityToggle({ name, value, onChange, worded }: Props) {
  return (
    <RadioGroup
      aria-label={strings.whoSees(name)}
      orientation="horizontal"
      value={value}
      onChange={(next) => onChange(next as Level)}
      className="levels"
    >
      {LEVELS.map((level) => {
        const Icon = ICONS[level];
        return (
          <Radio key={level} value={level} aria-label={strings.levels[level]} className="level">
            <Icon aria-hidden="true" className="size-4" />
            {(worded || level === value) && <span aria-hidden="true">{strings.levels[level]}</span>}
          </Radio>
        );
      })}
    </RadioGroup>
  );
}
