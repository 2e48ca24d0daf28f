// SPDX-License-Identifier: AGPL-3.0-or-later
import { CornerUpLeft, Pencil, X } from "lucide-react";

import { nameFor } from "@/features/conversation/components/MessageRow";
import { strings } from "@/features/conversation/strings";
import type { Message } from "@/lib/message";

interface Props {
  answering: Message | null;
  editing: Message | null;
  onCancel: () => void;
}

/** What the composer is about, when it is not simply the next message. */
export function Banner({ answering, editing, onCancel }: Props) {
  const about = editing ?? answering;
  if (!about) return null;
  const Icon = editing ? Pencil : CornerUpLeft;
  return (
    <div className="glass-subtle flex items-center gap-2.5 py-1 pe-1 ps-3 text-sm">
      <Icon aria-hidden="true" className="size-4 shrink-0 text-accent" />
      <span className="shrink-0 font-semibold">
        <bdi>{editing ? strings.editing : strings.replyingTo(nameFor(about))}</bdi>
      </span>
      <bdi className="grow truncate text-quiet">{about.body}</bdi>
      <button type="button" className="btn-ghost min-h-8 min-w-8" aria-label={strings.cancel} onClick={onCancel}>
        <X className="size-4" />
      </button>
    </div>
  );
}
