// SPDX-License-Identifier: AGPL-3.0-or-later
import { type ReactNode, useState } from "react";

import { asTag } from "@/features/listings/model/wanted";
import { Suggest } from "@/ui/Suggest";

interface Props {
  label: string;
  hint?: string;
  problem?: string;
  taken: readonly string[];
  full: boolean;
  onAdd: (tag: string) => void;
  /** Beside the label. */
  children?: ReactNode;
}

/** One more tag: Enter, a comma or leaving the field takes it. */
export function TagInput({ taken, full, onAdd, children, ...field }: Props) {
  const [text, setText] = useState("");
  const add = (words: string) => {
    const tag = asTag(words);
    setText("");
    if (tag && !full && !taken.includes(tag)) onAdd(tag);
  };
  return (
    <Suggest
      {...field}
      text={text}
      onText={(next) => (next.includes(",") ? add(next.replaceAll(",", " ")) : setText(next))}
      found={[]}
      onPick={({ label }) => add(label)}
      onOwn={add}
      onLeave={() => add(text)}
      maxLength={31}
      disabled={full}
    >
      {children}
    </Suggest>
  );
}
