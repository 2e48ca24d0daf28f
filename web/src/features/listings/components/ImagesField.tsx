// SPDX-License-Identifier: AGPL-3.0-or-later
import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, ArrowLeftToLine, ArrowRight, ImagePlus, Trash2, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { Picture } from "@/features/listings/components/ListingTile";
import type { Coming } from "@/features/listings/components/use-pictures";
import { MOST_IMAGES } from "@/features/listings/model/draft";
import { strings } from "@/features/listings/strings";
import { isRefusal } from "@/lib/api-error";
import { TYPES, pictureQuery } from "@/lib/pictures";
import { logError } from "@/lib/report";
import { ActionMenu, type MenuAction } from "@/ui/ActionMenu";
import { Button } from "@/ui/Button";

interface Props {
  images: readonly string[];
  coming: readonly Coming[];
  onAdd: (files: readonly File[]) => Promise<void>;
  onDismiss: (key: number) => void;
  onChange: (images: readonly string[]) => void;
}

/** The pictures of a listing in their order, and those on their way. */
export function ImagesField({ images, coming, onAdd, onDismiss, onChange }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [said, setSaid] = useState("");
  const room = MOST_IMAGES - images.length - coming.filter(({ problem }) => !problem).length;
  const go = (from: number, to: number) => {
    const [moved = ""] = images.slice(from, from + 1);
    onChange(images.toSpliced(from, 1).toSpliced(to, 0, moved));
    setSaid(strings.pictureMoved(to + 1, images.length));
  };
  const remove = (at: number) => {
    onChange(images.toSpliced(at, 1));
    setSaid(strings.pictureOut);
  };
  return (
    <div className="grid gap-3">
      {images.length + coming.length > 0 && (
        <ol aria-label={strings.pictures} className="grid grid-cols-2 gap-2 sm:grid-cols-4">
          {images.map((mediaId, at) => (
            <li key={mediaId} className="glass-card relative min-w-0 overflow-hidden">
              <There mediaId={mediaId} at={at} of={images.length} onGone={() => onChange(images.filter((one) => one !== mediaId))} />
              <div className="flex items-center justify-between gap-1 ps-3">
                <span className="text-sm text-quiet">{at + 1}</span>
                <ActionMenu label={strings.more(strings.pictureAt(at + 1, images.length))} actions={actions(at, images.length, (to) => go(at, to), () => remove(at))} />
              </div>
            </li>
          ))}
          {coming.map((one) => (
            <OnItsWay key={one.key} coming={one} onDismiss={() => onDismiss(one.key)} />
          ))}
        </ol>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Button isDisabled={room <= 0} onPress={() => input.current?.click()}>
          <ImagePlus aria-hidden="true" className="size-4.5" /> {strings.addPictures}
        </Button>
        <p className="text-sm text-quiet">{room <= 0 ? strings.picturesFull : strings.picturesLead}</p>
      </div>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        aria-label={strings.addPictures}
        accept={TYPES.join(",")}
        onChange={({ target }) => {
          const files = [...(target.files ?? [])].slice(0, room);
          target.value = "";
          if (files.length > 0) void onAdd(files).catch((error: unknown) => logError("picture", error));
        }}
      />
      <p role="status" className="sr-only">
        {said}
      </p>
    </div>
  );
}

interface ThereProps {
  mediaId: string;
  at: number;
  of: number;
  /** It is not on the server any more: a draft may be older than its pictures. */
  onGone: () => void;
}

function There({ mediaId, at, of, onGone }: ThereProps) {
  const { data, error } = useQuery(pictureQuery(mediaId));
  const gone = isRefusal(error, "not_found");
  useEffect(() => {
    if (gone) onGone();
  }, [gone, onGone]);
  return <Picture src={data?.urls["320"]} alt={strings.pictureAt(at + 1, of)} fit="cover" />;
}

function OnItsWay({ coming: { name, part, problem }, onDismiss }: { coming: Coming; onDismiss: () => void }) {
  const words = part === null ? strings.preparing(name) : strings.sending(name);
  return (
    <li className="glass-subtle grid min-w-0 content-center gap-2 p-3">
      {problem ? (
        <>
          <p role="alert" className="wrap-anywhere text-sm font-medium text-bad">
            {name}: {problem}
          </p>
          <Button small look="ghost" className="justify-self-start px-2" onPress={onDismiss}>
            <X aria-hidden="true" className="size-4" /> {strings.putAway}
          </Button>
        </>
      ) : (
        <>
          <p className="wrap-anywhere line-clamp-3 text-sm text-quiet">{words}</p>
          <progress className="meter" max={1} value={part ?? 1} aria-label={words} />
        </>
      )}
    </li>
  );
}

function actions(at: number, count: number, go: (to: number) => void, remove: () => void): MenuAction[] {
  return [
    ...(at > 1 ? [{ id: "first", label: strings.first, icon: ArrowLeftToLine, run: () => go(0) }] : []),
    ...(at > 0 ? [{ id: "earlier", label: strings.earlier, icon: ArrowLeft, run: () => go(at - 1) }] : []),
    ...(at < count - 1 ? [{ id: "later", label: strings.later, icon: ArrowRight, run: () => go(at + 1) }] : []),
    { id: "remove", label: strings.out, icon: Trash2, tone: "bad", run: remove },
  ];
}
