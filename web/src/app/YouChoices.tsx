// SPDX-License-Identifier: AGPL-3.0-or-later
// What is behind one's own picture: page, settings, looks, the way out.
import { useNavigate } from "@tanstack/react-router";
import { Contrast, Keyboard, LogOut, type LucideIcon, Settings, Store, UserRound } from "lucide-react";
import { Header, Menu, MenuItem, MenuSection, Popover, type PopoverProps } from "react-aria-components";

import { useOverlays } from "@/app/overlays";
import { strings } from "@/app/strings";
import { useSignOut } from "@/features/session/api";
import { changeLook, isDark, useLook } from "@/lib/look";
import { addressOf, handleOf, nameOf } from "@/lib/person";
import { useMe } from "@/lib/session";

interface Choice {
  label: string;
  icon: LucideIcon;
  run: () => void;
}

interface Props extends Pick<PopoverProps, "placement" | "triggerRef"> {
  open: boolean;
  onClose: () => void;
}

/** The choices, beside what opened them. */
export function YouChoices({ placement, triggerRef, open, onClose }: Props) {
  const me = useMe();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const dark = isDark(useLook((state) => state.theme));
  const user = addressOf(me.userId, me.home);
  const choices: readonly Choice[] = [
    { label: strings.profile, icon: UserRound, run: () => void navigate({ to: "/profile/$user", params: { user } }) },
    { label: strings.listings, icon: Store, run: () => void navigate({ to: "/listings" }) },
    { label: strings.settings, icon: Settings, run: () => void navigate({ to: "/settings" }) },
    {
      label: dark ? strings.light : strings.dark,
      icon: Contrast,
      run: () => changeLook({ theme: dark ? "light" : "dark" }),
    },
    { label: strings.keyboard, icon: Keyboard, run: () => useOverlays.setState({ open: "shortcuts" }) },
    { label: strings.signOut, icon: LogOut, run: () => signOut.mutate() },
  ];
  return (
    <Popover placement={placement} triggerRef={triggerRef} isOpen={open} onOpenChange={(now) => !now && onClose()} className="rise z-40">
      <Menu
        className="menu"
        aria-label={strings.you}
        autoFocus="first"
        onAction={(key) => {
          onClose();
          choices[Number(key)]?.run();
        }}
      >
        <MenuSection>
          <Header className="grid px-3 pt-1 pb-2">
            <span className="font-bold"><bdi>{nameOf(me)}</bdi></span>
            <span className="text-sm text-quiet"><bdi>{handleOf(me.userId, me.home)}</bdi></span>
          </Header>
          {choices.map(({ label, icon: Icon }, at) => (
            <MenuItem key={label} id={String(at)} textValue={label} className="menu-item">
              <Icon aria-hidden="true" className="size-4.5" />
              {label}
            </MenuItem>
          ))}
        </MenuSection>
      </Menu>
    </Popover>
  );
}
