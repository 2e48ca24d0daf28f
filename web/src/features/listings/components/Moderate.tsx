// SPDX-License-Identifier: AGPL-3.0-or-later
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

import { took } from "@/features/listings/actions";
import { closeListing } from "@/features/listings/api";
import { strings } from "@/features/listings/strings";
import { handleError } from "@/lib/report";
import { useMe } from "@/lib/session";
import { toast } from "@/lib/toasts";
import type { Listing } from "@/lib/types";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { strings as ui } from "@/ui/strings";

const LONGEST = 300;

/** What staff can do about somebody else's listing. */
export function Moderate({ listing }: { listing: Listing }) {
  const [asking, setAsking] = useState(false);
  const { staff } = useMe();
  if (!staff || listing.status === "closed") return null;
  const close = () => setAsking(false);
  return (
    <section aria-labelledby="moderate" className="glass-panel grid min-w-0 justify-items-start gap-3 p-5">
      <h2 id="moderate" className="text-lg font-bold">
        {strings.moderate}
      </h2>
      <p className="text-sm text-quiet">{strings.moderateText}</p>
      <Button onPress={() => setAsking(true)}>{strings.closeTheirs}</Button>
      <Dialog title={strings.closeTheirsTitle} open={asking} onClose={close} role="alertdialog">
        <Reason listing={listing} onClose={close} />
      </Dialog>
    </section>
  );
}

function Reason({ listing, onClose }: { listing: Listing; onClose: () => void }) {
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const closing = useMutation({
    mutationFn: () => closeListing(listing.id, reason.trim()),
    onSuccess: async (now) => {
      toast(strings.closedTheirs);
      onClose();
      await took(client, now);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim() && !closing.isPending) closing.mutate();
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <p className="text-quiet">{strings.closeTheirsText}</p>
      <Field
        label={strings.reason}
        hint={strings.reasonHint}
        problem={closing.error ? handleError("listing", closing.error) : undefined}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        maxLength={LONGEST}
        counted
        required
        autoFocus
        autoComplete="off"
      />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onPress={onClose}>{ui.back}</Button>
        <Button type="submit" look="danger" busy={closing.isPending} isDisabled={!reason.trim()}>
          {strings.closeIt}
        </Button>
      </div>
    </form>
  );
}
