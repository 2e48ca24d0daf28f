// SPDX-License-Identifier: AGPL-3.0-or-later
// Oneself. The choices come later than the page: this is the button alone.
import { useRef, useState } from "react";
import { Button, type PopoverProps } from "react-aria-components";

import { loadWindows } from "@/app/overlays";
import { strings } from "@/app/strings";
import { useLater } from "@/lib/later";
import { nameOf } from "@/lib/person";
import { useMe } from "@/lib/session";
import { Avatar } from "@/ui/Avatar";

/** One's picture, and what is behind it. */
export function YouMenu({ placement, small }: { placement: PopoverProps["placement"]; small?: boolean }) {
  const me = useMe();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const windows = useLater(loadWindows, open);
  return (
    <>
      <Button
        ref={button}
        aria-label={`${strings.you}: ${nameOf(me)}`}
        aria-haspopup="menu"
        aria-expanded={open}
        className={small ? "grid justify-items-center gap-0.5 rounded-md" : "relative rounded-full p-0.5"}
        onPress={() => setOpen(true)}
        onKeyDown={({ key }) => key === "ArrowDown" && setOpen(true)}
      >
        <Avatar person={me} size={small ? 24 : 40} />
        {small ? <span aria-hidden="true">{strings.you}</span> : <span className="luminous-dot absolute end-0 bottom-0" aria-hidden="true" />}
      </Button>
      {windows && (
        <windows.YouChoices placement={placement} triggerRef={button} open={open} onClose={() => setOpen(false)} />
      )}
    </>
  );
}
