// SPDX-License-Identifier: AGPL-3.0-or-later
import type { LucideIcon } from "lucide-react";
import { Menu, MenuItem, Popover, type PopoverProps } from "react-aria-components";

import { strings } from "@/features/conversation/strings";

export interface Act {
  id: string;
  label: string;
  icon: LucideIcon;
  run: () => void;
  bad?: boolean;
}

interface Props extends Pick<PopoverProps, "triggerRef"> {
  acts: readonly Act[];
  open: boolean;
  onClose: () => void;
}

/** What is rarely done with a message. */
export function MoreChoices({ acts, triggerRef, open, onClose }: Props) {
  return (
    <Popover
      placement="bottom end"
      aria-label={strings.more}
      triggerRef={triggerRef}
      isOpen={open}
      onOpenChange={(now) => !now && onClose()}
      className="rise z-40"
    >
      <Menu
        className="menu"
        aria-label={strings.more}
        autoFocus="first"
        onAction={(key) => {
          onClose();
          acts.find(({ id }) => id === key)?.run();
        }}
      >
        {acts.map(({ id, label, icon: Icon, bad }) => (
          <MenuItem key={id} id={id} textValue={label} className="menu-item" data-tone={bad ? "bad" : undefined}>
            <Icon aria-hidden="true" className="size-4.5" />
            {label}
          </MenuItem>
        ))}
      </Menu>
    </Popover>
  );
}
