// SPDX-License-Identifier: AGPL-3.0-or-later
import { type FormEvent, useState } from "react";

import { useAsk, useEditNote } from "@/features/connections/actions";
import { strings } from "@/features/connections/strings";
import { handleError } from "@/lib/report";
import type { FriendRequest } from "@/lib/types";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { strings as ui } from "@/ui/strings";

const LONGEST = 140;

interface AskProps {
  /** Whom; without one, the person is asked for. */
  person?: { address: string; name: string };
  /** How the note begins. */
  begin?: string;
  open: boolean;
  onClose: () => void;
}

/** Ask somebody to be friends. */
export function AskDialog({ person, begin, open, onClose }: AskProps) {
  const title = person ? strings.addTitle(person.name) : strings.add;
  return (
    <Dialog title={title} open={open} onClose={onClose}>
      <AskForm person={person} begin={begin} onClose={onClose} />
    </Dialog>
  );
}

function AskForm({ person, begin = "", onClose }: Omit<AskProps, "open">) {
  const [user, setUser] = useState(person?.address ?? "");
  const [message, setMessage] = useState(begin.slice(0, LONGEST));
  const asking = useAsk(onClose);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!asking.isPending) asking.mutate({ user: user.trim(), message });
  };
  const problem = asking.error ? handleError("ask", asking.error) : undefined;
  return (
    <form onSubmit={send} className="grid gap-4">
      {!person && (
        <Field
          label={strings.person}
          hint={strings.personHint}
          problem={problem}
          value={user}
          onChange={(event) => setUser(event.target.value)}
          required
          // The window was opened to fill this in.
          autoFocus
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          maxLength={255}
        />
      )}
      <Field
        label={strings.note}
        hint={strings.noteHint}
        problem={person ? problem : undefined}
        value={message}
        onChange={(event) => setMessage(event.target.value)}
        autoFocus={Boolean(person)}
        maxLength={LONGEST}
        counted
      />
      <div className="flex justify-end gap-2">
        <Button onPress={onClose}>{ui.back}</Button>
        <Button type="submit" look="primary" busy={asking.isPending}>
          {strings.send}
        </Button>
      </div>
    </form>
  );
}

interface EditProps {
  request: Pick<FriendRequest, "id" | "message"> | null;
  onClose: () => void;
}

/** Change the note of a request that waits. */
export function EditNoteDialog({ request, onClose }: EditProps) {
  return (
    <Dialog title={strings.editTitle} open={request !== null} onClose={onClose}>
      {request && <EditForm request={request} onClose={onClose} />}
    </Dialog>
  );
}

function EditForm({ request, onClose }: { request: NonNullable<EditProps["request"]>; onClose: () => void }) {
  const [message, setMessage] = useState(request.message ?? "");
  const editing = useEditNote(onClose);
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (!editing.isPending) editing.mutate({ id: request.id, message });
  };
  return (
    <form onSubmit={save} className="grid gap-4">
      <Field
        label={strings.note}
        problem={editing.error ? handleError("edit note", editing.error) : undefined}
        value={message}
        onChange={(event) => setMessage(event.target.value)}
        autoFocus
        maxLength={LONGEST}
        counted
      />
      <div className="flex justify-end gap-2">
        <Button onPress={onClose}>{ui.back}</Button>
        <Button type="submit" look="primary" busy={editing.isPending}>
          {strings.save}
        </Button>
      </div>
    </form>
  );
}
