// SPDX-License-Identifier: AGPL-3.0-or-later
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import type { ReactNode } from "react";

import { dismiss, suggestionsQuery } from "@/features/people/api";
import { strings } from "@/features/people/strings";
import { nameOf } from "@/lib/person";
import { handleError } from "@/lib/report";
import { sharedOf } from "@/lib/shared";
import { toast } from "@/lib/toasts";
import type { Suggested } from "@/lib/types";
import { Button } from "@/ui/Button";
import { PersonRow } from "@/ui/PersonRow";
import { strings as ui } from "@/ui/strings";

/** People one may know, and why; nothing at all when there are none. */
export function Suggestions({ actions }: { actions: (person: Suggested) => ReactNode }) {
  const client = useQueryClient();
  const query = useInfiniteQuery(suggestionsQuery);
  const away = useMutation({
    mutationFn: ({ userId }: Suggested) => dismiss(userId),
    onSuccess: (_, person) => {
      toast(strings.dismissed(nameOf(person)));
      return client.invalidateQueries({ queryKey: suggestionsQuery.queryKey });
    },
    onError: (error) => void toast(handleError("suggestions", error), { tone: "bad" }),
  });
  const all = query.data?.pages.flatMap((page) => page.people) ?? [];
  if (all.length === 0) return null;
  return (
    <section aria-labelledby="suggestions-title" className="mt-8">
      <h2 id="suggestions-title" className="mb-3 text-lg font-bold">
        {strings.suggestions}
      </h2>
      <ul aria-label={strings.suggestions} className="grid gap-2">
        {all.map((person) => (
          <PersonRow key={person.userId} person={person} detail={sharedOf(person)}>
            {actions(person)}
            <Button look="ghost" small aria-label={strings.dismiss(nameOf(person))} onPress={() => away.mutate(person)}>
              <X className="size-4.5" />
            </Button>
          </PersonRow>
        ))}
      </ul>
      {query.hasNextPage && (
        <Button className="mx-auto mt-4 flex" busy={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
          {ui.more}
        </Button>
      )}
    </section>
  );
}
