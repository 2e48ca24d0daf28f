// SPDX-License-Identifier: AGPL-3.0-or-later
import { Check } from "lucide-react";
import { useState } from "react";

import { usePopups } from "@/features/conversation/popups";
import { useReaders } from "@/features/conversation/readers";
import { strings } from "@/features/conversation/strings";
import type { Message } from "@/lib/message";
import { Avatar } from "@/ui/Avatar";

const SHOWN = 4;

/** Under one's last message: who has read it, or that it has arrived. Its height never changes. */
export function ReadBy({ message }: { message: Message }) {
  const readers = useReaders(message.eventId);
  const [open, setOpen] = useState(false);
  const popups = usePopups(open);
  return (
    <div className="flex h-6 items-center justify-end">
      {readers.length ? (
        <button type="button" className="read-by" onClick={() => setOpen(true)}>
          <span className="sr-only">{strings.readBy(readers.length)}</span>
          {readers.slice(0, SHOWN).map((person) => (
            <span key={person.userId} className="read-face">
              <Avatar person={person} size={32} />
            </span>
          ))}
          {readers.length > SHOWN && <span className="text-xs text-quiet"> +{readers.length - SHOWN}</span>}
        </button>
      ) : (
        <span className="flex items-center gap-1 text-xs text-quiet">
          <Check aria-hidden="true" className="size-3.5" /> {strings.delivered}
        </span>
      )}
      {popups && open && <popups.WhoDialog message={message} what="readers" onClose={() => setOpen(false)} />}
    </div>
  );
}
