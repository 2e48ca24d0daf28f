// SPDX-License-Identifier: AGPL-3.0-or-later
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { cancelErasure } from "@/features/privacy/api";
import { strings } from "@/features/privacy/strings";
import { handleError } from "@/lib/report";
import { toast } from "@/lib/toasts";
import { Button } from "@/ui/Button";

/** Calls the deletion off; what was hidden meanwhile is there again. */
export function KeepButton({ small }: { small?: boolean }) {
  const client = useQueryClient();
  const keeping = useMutation({
    mutationFn: cancelErasure,
    onSuccess: () => void toast(strings.kept),
    onError: (error) => void toast(handleError("erasure", error), { tone: "bad" }),
    onSettled: () => Promise.all(["erasure", "people", "settings"].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
  return (
    <Button look="primary" small={small} busy={keeping.isPending} onPress={() => keeping.mutate()}>
      {strings.keep}
    </Button>
  );
}
