// SPDX-License-Identifier: AGPL-3.0-or-later
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { MessageCircle } from "lucide-react";

import { strings } from "@/features/connections/strings";
import { call } from "@/lib/api";
import { nameOf } from "@/lib/person";
import { handleError } from "@/lib/report";
import { toast } from "@/lib/toasts";
import type { Conversation, Person } from "@/lib/types";
import { Button } from "@/ui/Button";

interface Props {
  person: Pick<Person, "userId" | "displayName">;
  small?: boolean;
}

/** To the conversation with a friend; it is opened when there is none. */
export function MessageButton({ person, small }: Props) {
  const navigate = useNavigate();
  const opening = useMutation({
    mutationFn: () =>
      call<Conversation>("POST", "/api/dm/conversations", { body: { participants: [person.userId] } }),
    onSuccess: ({ id }) => void navigate({ to: "/messages/$conversation", params: { conversation: id } }),
    onError: (error) => void toast(handleError("message", error), { tone: "bad" }),
  });
  return (
    <Button
      look={small ? "secondary" : "primary"}
      small={small}
      busy={opening.isPending}
      aria-label={small ? `${strings.message}: ${nameOf(person)}` : undefined}
      onPress={() => opening.mutate()}
    >
      <MessageCircle aria-hidden="true" className="size-4" /> {strings.message}
    </Button>
  );
}
