// SPDX-License-Identifier: AGPL-3.0-or-later
// One's own profile, with what other features put into it.
import { strings } from "@/app/strings";
import { EditorPage } from "@/features/profile/components/EditorPage";
import { useLater } from "@/lib/later";
import { addressOf } from "@/lib/person";
import { useMe } from "@/lib/session";
import { SkeletonRows } from "@/ui/States";

const load = () => import("@/features/showcase/components/ShowcaseBuilder");

/** The page at `/settings/profile`. */
export default function Editor() {
  const me = useMe();
  const builder = useLater(load, true);
  return (
    <EditorPage
      showcase={
        builder ? <builder.ShowcaseBuilder user={addressOf(me.userId, me.home)} /> : <SkeletonRows count={2} label={strings.showcase} />
      }
    />
  );
}
