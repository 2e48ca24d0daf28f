// SPDX-License-Identifier: AGPL-3.0-or-later
// One's friends, and below them whom one may know.
import { FriendsTab } from "@/features/connections/components/FriendsTab";
import { RowActions } from "@/features/connections/components/RowActions";
import { Suggestions } from "@/features/people/components/Suggestions";
import type { Suggested } from "@/lib/types";

const actions = (person: Suggested) => <RowActions person={person} />;

/** The first tab of the connections. */
export default function Friends() {
  return (
    <>
      <FriendsTab />
      <Suggestions actions={actions} />
    </>
  );
}
