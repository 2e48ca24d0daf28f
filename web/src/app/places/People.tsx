// SPDX-License-Identifier: AGPL-3.0-or-later
// Finding people, and what one can do about whom one finds.
import { useSearch } from "@tanstack/react-router";

import { RowActions } from "@/features/connections/components/RowActions";
import { PeoplePage } from "@/features/people/components/PeoplePage";
import { Suggestions } from "@/features/people/components/Suggestions";
import type { Person, Relationship } from "@/lib/types";

const actions = (person: Person & { friendshipStatus: Relationship["state"] }) => <RowActions person={person} />;

/** The page at `/people`. */
export default function People() {
  const wanted = useSearch({ from: "/inside/pages/people" });
  return <PeoplePage wanted={wanted} actions={actions} beginning={<Suggestions actions={actions} />} />;
}
