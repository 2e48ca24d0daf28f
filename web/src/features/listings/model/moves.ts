// SPDX-License-Identifier: AGPL-3.0-or-later
// Which state follows which. The same as `policy/listing.py`, which decides: here it is only what is offered.
import type { ListingStatus } from "@/lib/types";

export const NEXT: Readonly<Record<ListingStatus, readonly Exclude<ListingStatus, "draft">[]>> = {
  draft: [],
  open: ["reserved", "sold", "closed"],
  reserved: ["open", "sold", "closed"],
  sold: ["open", "closed"],
  closed: ["open"],
};

/** Whether a step can be taken back. */
export const goesBack = (before: ListingStatus, after: ListingStatus): boolean =>
  before !== "draft" && NEXT[after].includes(before);
