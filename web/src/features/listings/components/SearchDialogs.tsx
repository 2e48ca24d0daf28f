// SPDX-License-Identifier: AGPL-3.0-or-later
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

import { keepSearch, renameSearch, savedQuery } from "@/features/listings/api";
import { chips } from "@/features/listings/components/Chosen";
import type { Wanted } from "@/features/listings/model/wanted";
import { strings } from "@/features/listings/strings";
import { handleError } from "@/lib/report";
import { toast } from "@/lib/toasts";
import type { SavedSearch } from "@/lib/types";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { strings as ui } from "@/ui/strings";

const LONGEST = 60;

interface KeepProps {
  wanted: Wanted;
  open: boolean;
  onClose: () => void;
}

/** Keep what is asked for, under a name. */
export function KeepDialog({ wanted, open, onClose }: KeepProps) {
  const begin = [wanted.q, ...chips(wanted).map(({ label }) => label)].filter(Boolean).join(", ").slice(0, LONGEST);
  return (
    <Dialog title={strings.keepTitle} open={open} onClose={onClose}>
      <NameForm begin={begin} send={(name) => keepSearch(name, wanted)} done={strings.keepDone} onClose={onClose} />
    </Dialog>
  );
}

/** Call a kept search something else. */
export function RenameDialog({ search, onClose }: { search: SavedSearch | null; onClose: () => void }) {
  return (
    <Dialog title={strings.renameTitle} open={search !== null} onClose={onClose}>
      {search && (
        <NameForm begin={search.name} send={(name) => renameSearch(search.id, name)} done={strings.renamed} onClose={onClose} />
      )}
    </Dialog>
  );
}

interface FormProps {
  begin: string;
  send: (name: string) => Promise<SavedSearch>;
  /** What to say afterwards. */
  done: (name: string) => string;
  onClose: () => void;
}

function NameForm({ begin, send, done, onClose }: FormProps) {
  const client = useQueryClient();
  const [name, setName] = useState(begin);
  const sending = useMutation({
    mutationFn: () => send(name.trim()),
    onSuccess: async (search) => {
      toast(done(search.name));
      onClose();
      await Promise.all(
        [savedQuery.queryKey, ["people"], ["showcase-candidates"]].map((queryKey) => client.invalidateQueries({ queryKey })),
      );
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() && !sending.isPending) sending.mutate();
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field
        label={strings.keepName}
        hint={strings.keepHint}
        problem={sending.error ? handleError("saved search", sending.error) : undefined}
        value={name}
        onChange={(event) => setName(event.target.value)}
        maxLength={LONGEST}
        counted
        required
        autoFocus
        autoComplete="off"
      />
      <div className="flex justify-end gap-2">
        <Button onPress={onClose}>{ui.back}</Button>
        <Button type="submit" look="primary" busy={sending.isPending} isDisabled={!name.trim()}>
          {strings.save}
        </Button>
      </div>
    </form>
  );
}
