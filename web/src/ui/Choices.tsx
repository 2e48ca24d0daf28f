// SPDX-License-Identifier: AGPL-3.0-or-later
import { Label, Radio, RadioGroup } from "react-aria-components";

interface Option<Value extends string> {
  value: Value;
  label: string;
  text?: string;
  /** Language of the label, where it is not the page's. */
  lang?: string;
}

type Labels<Value extends string> = Readonly<Record<Value, Omit<Option<Value>, "value">>>;

/** What can be chosen, by what it is called. */
export const optionsOf = <Value extends string>(labels: Labels<Value>): readonly Option<Value>[] =>
  (Object.keys(labels) as Value[]).map((value) => ({ value, ...labels[value] }));

interface ChoicesProps<Value extends string> {
  label: string;
  text?: string;
  value: Value;
  options: readonly Option<Value>[];
  disabled?: boolean;
  onChange: (value: Value) => void;
}

/** One of a few, each explained. */
export function Choices<Value extends string>(props: ChoicesProps<Value>) {
  const { label, text, value, options, disabled, onChange } = props;
  return (
    <RadioGroup
      value={value}
      isDisabled={disabled}
      onChange={(next) => onChange(next as Value)}
      className="grid gap-2"
    >
      <Label className="font-bold">{label}</Label>
      {text && <p className="-mt-1.5 text-sm text-quiet">{text}</p>}
      <div className={`grid gap-2 ${options.length === 3 ? "sm:grid-cols-3" : "sm:grid-cols-2"}`}>
        {options.map((option) => (
          <Radio key={option.value} value={option.value} className="option">
            <span aria-hidden="true" className="radio-mark" />
            <span className="grid">
              <span lang={option.lang} className="font-semibold">
                {option.label}
              </span>
              {option.text && <span className="text-sm text-quiet">{option.text}</span>}
            </span>
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
