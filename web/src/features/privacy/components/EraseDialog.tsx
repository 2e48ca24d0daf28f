// SPDX-License-Identifier: AGPL-3.0-or-later
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Copy } from "lucide-react";
import { type FormEvent, useState } from "react";

import { askErasure, proofPage } from "@/features/privacy/api";
import { strings } from "@/features/privacy/strings";
import { ApiError } from "@/lib/api-error";
import { handleError } from "@/lib/report";
import { useMe } from "@/lib/session";
import { day } from "@/lib/time";
import { toast } from "@/lib/toasts";
import type { ErasureBegun } from "@/lib/types";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { strings as ui } from "@/ui/strings";

interface Props {
  /** It was asked for already: only the address of the proof is made anew. */
  again: boolean;
  open: boolean;
  onClose: () => void;
}

/** Asks whether one is who one is; afterwards tells the address of the proof, once. */
export function EraseDialog({ again, open, onClose }: Props) {
  const [begun, setBegun] = useState<ErasureBegun | null>(null);
  const close = () => {
    setBegun(null);
    onClose();
  };
  const title = begun ? strings.begunTitle : again ? strings.againTitle : strings.eraseTitle;
  return (
    <Dialog title={title} open={open} onClose={close} role="alertdialog">
      {begun ? <Begun begun={begun} onClose={close} /> : <Form again={again} onBegun={setBegun} onClose={close} />}
    </Dialog>
  );
}

interface FormProps {
  again: boolean;
  onBegun: (begun: ErasureBegun) => void;
  onClose: () => void;
}

function Form({ again, onBegun, onClose }: FormProps) {
  const { userId } = useMe();
  const client = useQueryClient();
  const [typed, setTyped] = useState("");
  const [known, setKnown] = useState(true);
  const asking = useMutation({
    mutationFn: () => askErasure(known ? { password: typed } : { confirm: typed.trim() }),
    onSuccess: (begun) => {
      onBegun(begun);
      return Promise.all(["erasure", "people", "settings"].map((key) => client.invalidateQueries({ queryKey: [key] })));
    },
  });
  const right = known ? typed !== "" : typed.trim() === userId;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (right && !asking.isPending) asking.mutate();
  };
  const { error } = asking;
  const refused = error && (error instanceof ApiError ? error.sentence : handleError("erasure", error));
  const wrong = !known && typed.trim() !== "" && !userId.startsWith(typed.trim()) ? strings.typeWrong : undefined;
  return (
    <form onSubmit={submit} className="grid gap-4">
      <p className="text-quiet">{again ? strings.againText : strings.grace}</p>
      <Field
        key={String(known)}
        label={known ? strings.password : strings.typeId(userId)}
        hint={known ? undefined : strings.typeHint}
        type={known ? "password" : "text"}
        autoComplete={known ? "current-password" : "off"}
        autoCapitalize="none"
        spellCheck={false}
        maxLength={known ? 512 : 255}
        problem={refused ?? wrong}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          asking.reset();
        }}
        autoFocus
        required
      />
      <Button
        small
        look="ghost"
        className="justify-self-start px-2"
        onPress={() => {
          setKnown(!known);
          setTyped("");
          asking.reset();
        }}
      >
        {known ? strings.noPassword : strings.withPassword}
      </Button>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onPress={onClose}>{ui.back}</Button>
        <Button type="submit" look={again ? "primary" : "danger"} busy={asking.isPending} isDisabled={!right}>
          {again ? strings.againConfirm : strings.eraseConfirm}
        </Button>
      </div>
    </form>
  );
}

function Begun({ begun, onClose }: { begun: ErasureBegun; onClose: () => void }) {
  const address = proofPage(begun.proofUrl);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address);
      toast(strings.copied);
    } catch {
      toast(strings.notCopied, { tone: "bad" });
    }
  };
  return (
    <div className="grid gap-4">
      {begun.eraseAt && <p className="text-quiet">{strings.begunText(day(begun.eraseAt))}</p>}
      <Field label={strings.proofAddress} value={address} readOnly autoFocus onFocus={(event) => event.target.select()} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onPress={() => void copy()}>
          <Copy aria-hidden="true" className="size-4" /> {strings.copyAddress}
        </Button>
        <Button look="primary" onPress={onClose}>
          {strings.begunDone}
        </Button>
      </div>
    </div>
  );
}
