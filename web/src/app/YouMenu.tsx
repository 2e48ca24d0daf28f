// SPDX-License-Identifier: AGPL-3.0-or-later
// Oneself: page, settings, looks, the way out.
import { useNavigate } from "@tanstack/react-router";
import { Contrast, Keyboard, LogOut, type LucideIcon, Settings, UserRound } from "lucide-react";
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover, type PopoverProps } from "react-aria-components";

import { useOverlays } from "@/app/overlays";
import { useSignOut } from "@/features/session/api";
import { changeLook, isDark, useLook } from "@/lib/look";
import { addressOf, handleOf, nameOf } from "@/lib/person";
import { useMe } from "@/lib/session";
import { Avatar } from "@/ui/Avatar";

interface Choice {
  label: string;
  icon: LucideIcon;
  run: () => void;
}

/** One's picture, and what is behind it. */
export function YouMenu({ placement, small }: { placement: PopoverProps["placement"]; small?: boolean }) {
  const me = useMe();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const dark = isDark(useLook((state) => state.theme));
  const user = addressOf(me.userId, me.home);
  const choices: readonly Choice[] = [
    { label: "Your page", icon: UserRound, run: () => void navigate({ to: "/people/$user", params: { user } }) },
    { label: "Settings", icon: Settings, run: () => void navigate({ to: "/settings" }) },
    {
      label: dark ? "Use the light theme" : "Use the dark theme",
      icon: Contrast,
      run: () => changeLook({ theme: dark ? "light" : "dark" }),
    },
    { label: "Keyboard shortcuts", icon: Keyboard, run: () => useOverlays.setState({ open: "shortcuts" }) },
    { label: "Sign out", icon: LogOut, run: () => signOut.mutate() },
  ];
  return (
    <MenuTrigger>
      <Button
        aria-label={`You: ${nameOf(me)}`}
        className={small ? "grid justify-items-center gap-0.5 rounded-md" : "relative rounded-full p-0.5"}
      >
        <Avatar person={me} size={small ? 24 : 40} />
        {small ? <span aria-hidden="true">You</span> : <span className="luminous-dot absolute right-0 bottom-0" aria-hidden="true" />}
      </Button>
      <Popover placement={placement} className="rise z-40">
        <Menu className="menu" aria-label="You" onAction={(key) => choices[Number(key)]?.run()}>
          <MenuSection>
            <Header className="grid px-3 pt-1 pb-2">
              <span className="font-bold">{nameOf(me)}</span>
              <span className="text-sm text-quiet">{handleOf(me.userId, me.home)}</span>
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
    </MenuTrigger>
  );
}
