// SPDX-License-Identifier: AGPL-3.0-or-later
import type { Counts } from "@/lib/rooms";
import { strings } from "@/ui/strings";

interface Props {
  counts: Counts;
  /** In a conversation with oneself alone every message counts, not only mentions. */
  direct?: boolean;
}

const most = (count: number): string => (count > 99 ? "99+" : String(count));

/** A number for what was said to one, a dot for what was said at all. */
export function UnreadMark({ counts: { unread, mentions, muted }, direct }: Props) {
  const number = direct && !muted ? Math.max(unread, mentions) : mentions;
  if (number > 0) {
    return (
      <span className="badge-count shrink-0">
        {most(number)}
        <span className="sr-only"> {direct ? strings.unread : strings.mentions(number)}</span>
      </span>
    );
  }
  if (unread <= 0) return null;
  return (
    <span className="unread-dot">
      <span className="sr-only">{strings.unreadOf(most(unread))}</span>
    </span>
  );
}
