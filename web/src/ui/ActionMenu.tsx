// SPDX-License-Identifier: AGPL-3.0-or-later
import { Ellipsis, type LucideIcon } from "lucide-react";
import { Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";

import { Button } from "@/ui/Button";

export interface MenuAction {
  id: string;
  label: string;
  icon: LucideIcon;
  tone?: "bad";
  run: () => void;
}

/** Further actions behind three dots. */
export function ActionMenu({ label, actions }: { label: string; actions: readonly MenuAction[] }) {
  return (
    <MenuTrigger>
      <Button look="ghost" aria-label={label}>
        <Ellipsis className="size-5" />
      </Button>
      <Popover placement="bottom end" className="rise z-40">
        <Menu
          className="menu"
          aria-label={label}
          onAction={(key) => actions.find((action) => action.id === key)?.run()}
        >
          {actions.map(({ id, label: text, icon: Icon, tone }) => (
            <MenuItem key={id} id={id} className="menu-item" textValue={text} data-tone={tone}>
              <Icon aria-hidden="true" className="size-4.5" />
              {text}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
