// SPDX-License-Identifier: AGPL-3.0-or-later
// A conversation does not wait for what stands beside it.
import { type ComponentType, type ReactNode, Suspense, lazy } from "react";

import { strings } from "@/app/strings";
import { SkeletonRows } from "@/ui/States";

const load = () => import("@/app/places/details");
type Details = Awaited<ReturnType<typeof load>>;
type PropsOf<Part> = Part extends (props: infer Props) => ReactNode ? Props : never;

function beside<Name extends keyof Details>(name: Name, meanwhile: ReactNode): ComponentType<PropsOf<Details[Name]>> {
  const Part = lazy(async () => ({ default: (await load())[name] as ComponentType<object> }));
  return (props) => (
    <Suspense fallback={meanwhile}>
      <Part {...props} />
    </Suspense>
  );
}

const Rows = () => <SkeletonRows count={4} label={strings.theDetails} />;
const rows = <Rows />;

export const ConversationPanel = beside("ConversationPanel", rows);
export const ForumPanel = beside("ForumPanel", rows);
export const Frozen = beside("Frozen", null);
export const NewConversation = beside("NewConversation", null);
export const PersonMenu = beside("PersonMenu", null);
