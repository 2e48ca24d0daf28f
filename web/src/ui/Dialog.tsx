// SPDX-License-Identifier: AGPL-3.0-or-later
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Dialog as Box, Heading, Modal, ModalOverlay } from "react-aria-components";

import { Button } from "@/ui/Button";
import { strings } from "@/ui/strings";

interface Props {
  title: string;
  open: boolean;
  onClose: () => void;
  children: ReactNode;
  /** `alertdialog` asks before something that cannot be undone. */
  role?: "dialog" | "alertdialog";
}

/** A window over the page: keeps the focus inside and gives it back afterwards. */
export function Dialog({ title, open, onClose, children, role = "dialog" }: Props) {
  return (
    <ModalOverlay
      className="veil"
      isOpen={open}
      onOpenChange={(now) => !now && onClose()}
      isDismissable
    >
      <Modal className="rise w-full max-w-lg">
        <Box className="dialog p-5" role={role}>
          <div className="mb-3 flex items-start justify-between gap-4">
            <Heading slot="title" level={2} className="pt-1 text-lg font-bold">
              {title}
            </Heading>
            <Button look="ghost" aria-label={strings.close} onPress={onClose} className="-mt-1 -me-1">
              <X className="size-5" />
            </Button>
          </div>
          {children}
        </Box>
      </Modal>
    </ModalOverlay>
  );
}

interface AskProps {
  title: string;
  text: string;
  confirm: string;
  open: boolean;
  busy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something serious. */
export function Ask({ title, text, confirm, open, busy, onConfirm, onClose }: AskProps) {
  return (
    <Dialog title={title} open={open} onClose={onClose} role="alertdialog">
      <p className="text-quiet">{text}</p>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button onPress={onClose} autoFocus>
          {strings.back}
        </Button>
        <Button look="danger" onPress={onConfirm} busy={busy}>
          {confirm}
        </Button>
      </div>
    </Dialog>
  );
}
