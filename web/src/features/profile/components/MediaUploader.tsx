// SPDX-License-Identifier: AGPL-3.0-or-later
import { ImageUp, ShieldQuestion, Trash2 } from "lucide-react";
import { type ReactNode, useRef } from "react";

import { usePicture } from "@/features/profile/components/use-picture";
import type { Purpose } from "@/features/profile/model/crop";
import { strings } from "@/features/profile/strings";
import { useLater } from "@/lib/later";
import { TYPES } from "@/lib/pictures";
import { logError } from "@/lib/report";
import { Button } from "@/ui/Button";

const loadCrop = () => import("@/features/profile/components/CropDialog");

interface Props {
  purpose: Purpose;
  /** Whether there is one to take away. */
  there: boolean;
  /** Who sees it. */
  level: ReactNode;
  /** How it looks now. */
  children: ReactNode;
}

/** A picture of the profile: shown, replaced, taken away, and how far a new one is. */
export function MediaUploader({ purpose, there, level, children }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const { state, choose, send, remove, cancel } = usePicture(purpose);
  const choosing = state.at === "choosing";
  const crop = useLater(loadCrop, choosing);
  const busy = state.at === "sending" || state.at === "preparing";
  const name = strings.fields[purpose];
  return (
    <div id={purpose} className="grid gap-2">
      <div className="flex flex-wrap items-center justify-between gap-x-3">
        <h3 className="text-sm font-semibold">{name}</h3>
        {level}
      </div>
      <div className="flex flex-wrap items-center gap-4">
        {children}
        <div className="flex flex-wrap gap-2">
          <Button small busy={busy} onPress={() => input.current?.click()}>
            <ImageUp aria-hidden="true" className="size-4" /> {there ? strings.replace[purpose] : strings.choose[purpose]}
          </Button>
          {there && (
            <Button small look="ghost" aria-label={strings.remove[purpose]} onPress={() => void remove()}>
              <Trash2 className="size-4.5" />
            </Button>
          )}
        </div>
        <input
          ref={input}
          type="file"
          hidden
          aria-label={name}
          accept={TYPES.join(",")}
          onChange={({ target }) => {
            const [file] = target.files ?? [];
            target.value = "";
            if (file) void choose(file).catch((error: unknown) => logError("picture", error));
          }}
        />
      </div>
      <div role="status" className="text-sm empty:hidden">
        {state.at === "sending" && (
          <>
            <p className="mb-1 text-quiet">{strings.sending}</p>
            <progress className="meter" max={1} value={state.part} aria-label={strings.sending} />
          </>
        )}
        {state.at === "preparing" && <p className="text-quiet">{strings.preparing}</p>}
        {state.at === "review" && (
          <p className="flex items-center gap-2">
            <ShieldQuestion aria-hidden="true" className="size-4.5 shrink-0 text-accent" /> {strings.inReview}
          </p>
        )}
        {state.at === "wrong" && <p className="font-medium text-bad">{state.problem}</p>}
      </div>
      {crop && (
        <crop.CropDialog
          purpose={purpose}
          picture={choosing ? state.picture : null}
          onClose={cancel}
          onDone={(area) => void send(area)}
        />
      )}
    </div>
  );
}
