// SPDX-License-Identifier: AGPL-3.0-or-later
import { type FormEvent, useId, useState } from "react";

import { useQuickReplies } from "@/features/settings/quick-replies";
import { strings } from "@/features/settings/strings";
import { handleError } from "@/lib/report";
import type { QuickReply } from "@/lib/types";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { strings as ui } from "@/ui/strings";

const TITLE = 40;
const TEXT = 4000;

interface Props {
  edited: QuickReply | "new" | null;
  onClose: () => void;
}

/** Write a quick reply, or change one. */
export function QuickReplyDialog({ edited, onClose }: Props) {
  return (
    <Dialog title={edited === "new" ? strings.quickAdd : strings.quickEdit} open={edited !== null} onClose={onClose}>
      {edited && <Form reply={edited === "new" ? null : edited} onClose={onClose} />}
    </Dialog>
  );
}

function Form({ reply, onClose }: { reply: QuickReply | null; onClose: () => void }) {
  const id = useId();
  const [title, setTitle] = useState(reply?.title ?? "");
  const [text, setText] = useState(reply?.text ?? "");
  const { save } = useQuickReplies(onClose);
  const ready = Boolean(title.trim() && text.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready && !save.isPending) save.mutate({ id: reply?.id, title: title.trim(), text: text.trim() });
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field
        label={strings.quickTitle}
        problem={save.error ? handleError("quick reply", save.error) : undefined}
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        maxLength={TITLE}
        counted
        required
        autoFocus
      />
      <div className="grid gap-1.5">
        <label htmlFor={id} className="text-sm font-semibold">
          {strings.quickText}
        </label>
        <textarea
          id={id}
          className="input-glass min-h-32"
          value={text}
          onChange={(event) => setText(event.target.value)}
          maxLength={TEXT}
          required
        />
      </div>
      <div className="flex justify-end gap-2">
        <Button onPress={onClose}>{ui.back}</Button>
        <Button type="submit" look="primary" busy={save.isPending} isDisabled={!ready}>
          {strings.quickSave}
        </Button>
      </div>
    </form>
  );
}
