// SPDX-License-Identifier: AGPL-3.0-or-later
// A picture, a sound, a film, a file: its place is reserved before it is there.
import { Download, FileText } from "lucide-react";
import { useState } from "react";

import { Blurhash } from "@/features/conversation/components/Blurhash";
import { usePopups } from "@/features/conversation/popups";
import { strings } from "@/features/conversation/strings";
import { duration } from "@/features/conversation/times";
import { bytes } from "@/lib/bytes";
import type { Attachment, Kind } from "@/lib/message";

const WIDEST = 420;
const TALLEST = 340;
const SMALLEST = 96;

/** The room a picture takes: its own shape, within bounds. */
export function placeFor(width: number | null, height: number | null): { width: number; height: number } {
  if (!width || !height) return { width: 320, height: 240 };
  const scale = Math.min(1, WIDEST / width, TALLEST / height);
  return {
    width: Math.max(SMALLEST, Math.round(width * scale)),
    height: Math.max(Math.min(SMALLEST, 48), Math.round(height * scale)),
  };
}

/** What came with a message. */
export function AttachmentView({ attachment, kind }: { attachment: Attachment; kind: Kind }) {
  const { name, size, durationMs } = attachment;
  const url = attachment.url ?? undefined;
  if (!url) return <p className="text-quiet">{strings.unreadableFile(name)}</p>;
  if (kind === "image" || kind === "sticker") return <Picture attachment={attachment} sticker={kind === "sticker"} />;
  if (kind === "video") {
    const place = placeFor(attachment.width, attachment.height);
    return (
      // Captions are not part of what people send one another.
      // oxlint-disable-next-line jsx-a11y/media-has-caption
      <video
        controls
        preload="metadata"
        src={url}
        poster={attachment.thumbnailUrl ?? undefined}
        width={place.width}
        height={place.height}
        aria-label={name}
        className="max-w-full rounded-md bg-black"
      />
    );
  }
  if (kind === "audio") {
    return (
      <figure className="grid gap-1">
        <figcaption className="text-sm">
          <bdi>{name}</bdi> {durationMs !== null && <span className="opacity-75">{duration(durationMs)}</span>}
        </figcaption>
        {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
        <audio controls preload="metadata" src={url} aria-label={name} className="h-11 w-72 max-w-full" />
      </figure>
    );
  }
  return (
    <a href={url} download={name} className="flex max-w-80 min-w-52 items-center gap-3 no-underline!" aria-label={strings.downloads(name)}>
      <span className="grid size-11 shrink-0 place-items-center rounded-md bg-(--sheen)">
        <FileText aria-hidden="true" className="size-5.5" />
      </span>
      <span className="grid min-w-0 grow">
        <bdi className="truncate font-semibold">{name}</bdi>
        <span className="text-xs opacity-80">{size === null ? attachment.mimeType : bytes(size)}</span>
      </span>
      <Download aria-hidden="true" className="size-4.5 shrink-0" />
    </a>
  );
}

function Picture({ attachment, sticker }: { attachment: Attachment; sticker: boolean }) {
  const [open, setOpen] = useState(false);
  const [there, setThere] = useState(false);
  const [broken, setBroken] = useState(false);
  const popups = usePopups(open);
  const { name, url, thumbnailUrl, blurhash } = attachment;
  const place = sticker ? { width: 160, height: 160 } : placeFor(attachment.width, attachment.height);
  const alt = name || strings.openPicture("");
  const shape = { width: place.width, aspectRatio: `${place.width} / ${place.height}` };
  return (
    <>
      <button
        type="button"
        className="relative block max-w-full overflow-hidden rounded-[13px] bg-(--subtle)"
        style={shape}
        aria-label={strings.openPicture(name)}
        onClick={() => setOpen(true)}
      >
        {blurhash && !there && <Blurhash hash={blurhash} />}
        {broken ? (
          <span className="grid size-full place-items-center p-3 text-sm text-quiet">{name}</span>
        ) : (
          <img
            src={thumbnailUrl ?? url ?? undefined}
            alt={alt}
            width={place.width}
            height={place.height}
            loading="lazy"
            decoding="async"
            className={`relative size-full ${sticker ? "object-contain" : "object-cover"}`}
            onLoad={() => setThere(true)}
            onError={() => setBroken(true)}
          />
        )}
      </button>
      {popups && open && <popups.Lightbox attachment={attachment} onClose={() => setOpen(false)} />}
    </>
  );
}
