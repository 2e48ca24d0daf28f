// SPDX-License-Identifier: AGPL-3.0-or-later
// A conversation does not wait for what stands beside it.
import { type ComponentType, type ReactNode, Suspense, lazy } from "react";

import { strings } from "@/app/strings";
import { SkeletonRows } from "@/ui/States";

const about = () => import("@/app/places/about");
const details = () => import("@/app/places/details");

function beside<Props extends object>(load: () => Promise<ComponentType<Props>>, meanwhile: ReactNode) {
  const Part = lazy(async () => ({ default: (await load()) as ComponentType<object> }));
  return (props: Props) => (
    <Suspense fallback={meanwhile}>
      <Part {...props} />
    </Suspense>
  );
}

const Rows = () => <SkeletonRows count={4} label={strings.theDetails} />;
const rows = <Rows />;

export const ConversationPanel = beside(async () => (await details()).ConversationPanel, rows);
export const ForumPanel = beside(async () => (await about()).ForumPanel, rows);
export const Frozen = beside(async () => (await details()).Frozen, null);
export const NewConversation = beside(async () => (await details()).NewConversation, null);
export const PersonMenu = beside(async () => (await details()).PersonMenu, null);
