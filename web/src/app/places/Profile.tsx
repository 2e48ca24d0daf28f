// SPDX-License-Identifier: AGPL-3.0-or-later
// Somebody's page: their profile, how one stands to them, and whom they know.
import { useParams, useRouteContext, useSearch } from "@tanstack/react-router";

import { FriendsOf } from "@/features/connections/components/FriendsOf";
import { Actions, Standing } from "@/features/connections/components/Standing";
import { ProfileView } from "@/features/profile/components/ProfileView";
import { useMe } from "@/lib/session";
import type { Profile as Shown } from "@/lib/types";

/** The page at `/profile/…`, for everybody. */
export default function Profile() {
  const { user } = useParams({ from: "/inside/pages/profile/$user" });
  const { as } = useSearch({ from: "/inside/pages/profile/$user" });
  const { known } = useRouteContext({ from: "/inside" });
  return known ? <Known user={user} as={as} /> : <ProfileView key={user} user={user} />;
}

type Between = Shown & { relationship: NonNullable<Shown["relationship"]> };
const isBetween = (shown: Shown): shown is Between => Boolean(shown.relationship);

const actions = (shown: Shown) => isBetween(shown) && <Actions relationship={shown.relationship} />;
const standing = (shown: Shown) => isBetween(shown) && <Standing relationship={shown.relationship} />;

function Known({ user, as }: Pick<Parameters<typeof ProfileView>[0], "user" | "as">) {
  const { home } = useMe();
  const friends = (shown: Shown) =>
    isBetween(shown) && shown.relationship.state !== "blocked" && <FriendsOf user={user} relationship={shown.relationship} />;
  return <ProfileView key={user} user={user} home={home} as={as} actions={actions} foot={standing} below={friends} />;
}
