// SPDX-License-Identifier: AGPL-3.0-or-later
import { Download, X } from "lucide-react";
import { Dialog, Modal, ModalOverlay } from "react-aria-components";

import { strings } from "@/features/conversation/strings";
import type { Attachment } from "@/lib/message";
import { Button } from "@/ui/Button";

/** A picture as large as the window. */
export function Lightbox({ attachment, onClose }: { attachment: Attachment; onClose: () => void }) {
  const { name, width, height } = attachment;
  const url = attachment.url ?? undefined;
  return (
    <ModalOverlay className="lightbox" isOpen onOpenChange={(open) => !open && onClose()} isDismissable>
      <Modal className="contents">
        <Dialog aria-label={name || strings.openPicture("")} className="contents">
          <div className="flex items-center gap-2 p-3 text-white">
            <bdi className="me-auto truncate font-semibold">{name}</bdi>
            <a href={url} download={name} className="btn-ghost text-white" aria-label={strings.downloads(name)}>
              <Download className="size-5" />
            </a>
            <Button look="ghost" className="text-white" aria-label={strings.closePicture} onPress={onClose} autoFocus>
              <X className="size-5" />
            </Button>
          </div>
          <div className="grid min-h-0 place-items-center p-3 pt-0">
            <img src={url} alt={name} width={width ?? undefined} height={height ?? undefined} className="max-h-full max-w-full rounded-md object-contain" />
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
