// SPDX-License-Identifier: AGPL-3.0-or-later
import { Switch } from "react-aria-components";

interface Props {
  label: string;
  text: string;
  value: boolean;
  disabled?: boolean;
  onChange: (value: boolean) => void;
}

/** On or off. */
export function Toggle({ label, text, value, disabled, onChange }: Props) {
  return (
    <Switch
      isSelected={value}
      isDisabled={disabled}
      onChange={onChange}
      className="flex cursor-pointer items-center justify-between gap-6"
    >
      <span className="grid">
        <span className="font-bold">{label}</span>
        <span className="text-sm text-quiet">{text}</span>
      </span>
      <span aria-hidden="true" className="switch-track">
        <span className="switch-knob" />
      </span>
    </Switch>
  );
}
