// SPDX-License-Identifier: AGPL-3.0-or-later
import { Minus, Plus } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";

import { type Purpose, SHAPES, type View, cropOf, deepest, kept, moved, whole } from "@/features/profile/model/crop";
import { strings } from "@/features/profile/strings";
import type { Crop } from "@/lib/pictures";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { strings as ui } from "@/ui/strings";

/** Pixels of the window that is drawn, across. */
const ACROSS = 960;
const STEP = 0.04;
const CLOSER = 1.15;

const KEYS: Readonly<Record<string, { x?: number; y?: number; zoom?: number }>> = {
  ArrowLeft: { x: -STEP },
  ArrowRight: { x: STEP },
  ArrowUp: { y: -STEP },
  ArrowDown: { y: STEP },
  "+": { zoom: CLOSER },
  "=": { zoom: CLOSER },
  "-": { zoom: 1 / CLOSER },
};

interface Props {
  purpose: Purpose;
  /** Null while there is nothing to cut. */
  picture: ImageBitmap | null;
  onClose: () => void;
  onDone: (crop: Crop) => void;
}

/** Choose the part of a picture that is shown: by pointer, fingers or keys. */
export function CropDialog({ purpose, picture, onClose, onDone }: Props) {
  return (
    <Dialog title={strings.cropTitle[purpose]} open={picture !== null} onClose={onClose}>
      {picture && <Cutting purpose={purpose} picture={picture} onClose={onClose} onDone={onDone} />}
    </Dialog>
  );
}

function Cutting({ purpose, picture, onClose, onDone }: Props & { picture: ImageBitmap }) {
  const shape = SHAPES[purpose];
  const canvas = useRef<HTMLCanvasElement>(null);
  const [view, setView] = useState<View>(() => whole(picture));
  const held = useRef(new Map<number, { x: number; y: number }>());
  const far = deepest(picture, shape);

  // Drawn by hand: no address is made for a picture that was not sent yet, and none is allowed.
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    const { x, y, width, height } = cropOf(view, picture, shape);
    context?.drawImage(picture, x, y, width, height, 0, 0, ACROSS, ACROSS / shape.ratio);
  }, [view, picture, shape]);

  const go = (by: { x?: number; y?: number; zoom?: number }) => setView((now) => moved(now, picture, shape, by));
  const steer = (event: KeyboardEvent) => {
    const by = KEYS[event.key];
    if (!by) return;
    event.preventDefault();
    go(by);
  };
  const drag = (event: PointerEvent<HTMLCanvasElement>) => {
    const before = held.current.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const [other] = [...held.current].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
    const across = event.currentTarget.clientWidth;
    held.current.set(event.pointerId, now);
    if (other) {
      const apart = (one: typeof now) => Math.hypot(one.x - other.x, one.y - other.y) || 1;
      go({ zoom: apart(now) / apart(before) });
    } else {
      go({ x: (before.x - now.x) / across, y: (before.y - now.y) / across });
    }
  };
  const release = (event: PointerEvent) => void held.current.delete(event.pointerId);

  return (
    <div className="grid gap-4">
      <p id="crop-help" className="text-sm text-quiet">
        {strings.cropHelp}
      </p>
      <button
        type="button"
        aria-roledescription={strings.cropRole}
        aria-label={strings.cropArea}
        aria-describedby="crop-help"
        onKeyDown={steer}
        className="block w-full cursor-grab overflow-hidden rounded-md"
      >
        <canvas
          ref={canvas}
          width={ACROSS}
          height={ACROSS / shape.ratio}
          aria-hidden="true"
          data-round={purpose === "avatar" || undefined}
          className="crop-canvas"
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            held.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
          }}
          onPointerMove={drag}
          onPointerUp={release}
          onPointerCancel={release}
          onWheel={({ deltaY }) => go({ zoom: deltaY < 0 ? 1.05 : 1 / 1.05 })}
        />
      </button>
      <div className="flex items-center gap-2">
        <Button look="ghost" aria-label={strings.further} onPress={() => go({ zoom: 1 / CLOSER })}>
          <Minus className="size-5" />
        </Button>
        <input
          type="range"
          className="slider"
          aria-label={strings.zoom}
          min={1}
          max={far}
          step={0.01}
          value={view.zoom}
          disabled={far === 1}
          onChange={({ target }) => setView((now) => kept({ ...now, zoom: Number(target.value) }, picture, shape))}
        />
        <Button look="ghost" aria-label={strings.closer} onPress={() => go({ zoom: CLOSER })}>
          <Plus className="size-5" />
        </Button>
      </div>
      <div className="flex justify-end gap-2">
        <Button onPress={onClose}>{ui.back}</Button>
        <Button look="primary" onPress={() => onDone(cropOf(view, picture, shape))}>
          {strings.cropDone}
        </Button>
      </div>
    </div>
  );
}
