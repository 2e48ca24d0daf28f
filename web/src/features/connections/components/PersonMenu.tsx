// SPDX-License-Identifier: AGPL-3.0-or-later
import { Ban, BellOff, BellRing, UserRoundCheck, UserRoundMinus, UserRoundPlus } from "lucide-react";
import { useState } from "react";

import { usePeopleActions } from "@/features/connections/actions";
import { strings } from "@/features/connections/strings";
import { nameOf } from "@/lib/person";
import type { Person } from "@/lib/types";
import { ActionMenu, type MenuAction } from "@/ui/ActionMenu";
import { Ask } from "@/ui/Dialog";

interface Props {
  person: Person;
  friends?: boolean;
  /** Undefined where it is not known: the choice is then left out. */
  muted?: boolean;
  following?: boolean;
}

/** What else one can do about a person. Serious things are asked about first. */
export function PersonMenu({ person, friends, muted, following }: Props) {
  const { unfriend, tie } = usePeopleActions();
  const [asked, setAsked] = useState<"unfriend" | "block" | null>(null);
  const name = nameOf(person);
  const close = () => setAsked(null);
  const actions: MenuAction[] = [];
  if (following !== undefined) {
    actions.push({
      id: "follow",
      label: following ? strings.unfollow : strings.follow,
      icon: following ? UserRoundCheck : UserRoundPlus,
      run: () => tie.mutate({ person, name: "follow", on: !following }),
    });
  }
  if (muted !== undefined) {
    actions.push({
      id: "mute",
      label: muted ? strings.unmute : strings.mute,
      icon: muted ? BellRing : BellOff,
      run: () => tie.mutate({ person, name: "mute", on: !muted }),
    });
  }
  if (friends) {
    const run = () => setAsked("unfriend");
    actions.push({ id: "unfriend", label: strings.unfriend, icon: UserRoundMinus, tone: "bad", run });
  }
  const run = () => setAsked("block");
  actions.push({ id: "block", label: strings.block, icon: Ban, tone: "bad", run });
  return (
    <>
      <ActionMenu label={strings.more(name)} actions={actions} />
      <Ask
        title={strings.unfriendTitle(name)}
        text={strings.unfriendText}
        confirm={strings.unfriend}
        open={asked === "unfriend"}
        onClose={close}
        onConfirm={() => {
          unfriend.mutate(person);
          close();
        }}
      />
      <Ask
        title={strings.blockTitle(name)}
        text={strings.blockText}
        confirm={strings.block}
        open={asked === "block"}
        onClose={close}
        onConfirm={() => {
          tie.mutate({ person, name: "block", on: true });
          close();
        }}
      />
    </>
  );
}
