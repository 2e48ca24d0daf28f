// SPDX-License-Identifier: AGPL-3.0-or-later
import { LoaderCircle } from "lucide-react";
import type { ReactNode, Ref } from "react";
import { Button as Pressable, type ButtonProps } from "react-aria-components";

interface Props extends Omit<ButtonProps, "className" | "children" | "style"> {
  look?: "primary" | "secondary" | "outline" | "ghost" | "danger";
  small?: boolean;
  /** Shows that its work is under way; it cannot be pressed again meanwhile. */
  busy?: boolean;
  className?: string;
  ref?: Ref<HTMLButtonElement>;
  children: ReactNode;
}

/** A button of the design system. */
export function Button({ look = "secondary", small, busy, className = "", children, ...rest }: Props) {
  return (
    <Pressable
      {...rest}
      isPending={busy}
      className={`btn-${look} ${small ? "btn-small" : ""} ${className}`}
    >
      {busy && <LoaderCircle aria-hidden="true" className="size-4 animate-spin" />}
      {children}
    </Pressable>
  );
}
