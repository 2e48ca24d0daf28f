// SPDX-License-Identifier: AGPL-3.0-or-later
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { agree, befriend } from "@/features/messages/api";
import { strings } from "@/features/messages/strings";
import { ApiError } from "@/lib/api-error";
import { handleError } from "@/lib/report";
import { Button } from "@/ui/Button";

const text = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** Why a conversation could not be opened, and the one thing that helps. */
export function Hindrance({ error, onGone }: { error: unknown; onGone: () => void }) {
  const client = useQueryClient();
  const [asked, setAsked] = useState(false);
  const known = error instanceof ApiError ? error : null;
  const user = text(known?.details.userId);
  const request = text(known?.details.requestId);
  const people = () => client.invalidateQueries({ queryKey: ["people"] });
  const asking = useMutation({
    mutationFn: befriend,
    onSuccess: () => {
      setAsked(true);
      return people();
    },
  });
  const agreeing = useMutation({ mutationFn: agree, onSuccess: () => people().then(onGone) });
  const trouble = asking.error ?? agreeing.error;
  return (
    <div role="alert" className="glass-subtle grid gap-3 px-4 py-3 text-sm">
      <p>{asked ? strings.befriended : handleError("conversation", trouble ?? error)}</p>
      {!asked && known?.code === "friendship_required" && user && (
        <Button small look="primary" className="justify-self-start" busy={asking.isPending} onPress={() => asking.mutate(user)}>
          {strings.befriend}
        </Button>
      )}
      {known?.code === "request_received" && request && (
        <Button small look="primary" className="justify-self-start" busy={agreeing.isPending} onPress={() => agreeing.mutate(request)}>
          {strings.agree}
        </Button>
      )}
    </div>
  );
}
