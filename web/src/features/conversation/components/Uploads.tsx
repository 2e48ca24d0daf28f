// SPDX-License-Identifier: AGPL-3.0-or-later
import { FileText, TriangleAlert, X } from "lucide-react";

import { strings } from "@/features/conversation/strings";
import type { Uploading } from "@/features/conversation/uploads";
import { bytes } from "@/lib/bytes";

interface Props {
  list: readonly Uploading[];
  onRemove: (key: string) => void;
}

/** The files that go with the next message, how far they are, and a way to leave one out. */
export function Uploads({ list, onRemove }: Props) {
  if (!list.length) return null;
  return (
    <ul aria-label={strings.files} className="flex gap-2 overflow-x-auto pb-1">
      {list.map((one) => (
        <li key={one.key} className="glass-subtle relative flex w-56 shrink-0 items-center gap-2.5 overflow-hidden p-2">
          <Face one={one} />
          <span className="grid min-w-0 grow">
            <bdi className="truncate text-sm font-semibold">{one.name}</bdi>
            <span className={`truncate text-xs ${one.problem ? "text-bad" : "text-quiet"}`}>
              {one.problem ?? (one.ready ? bytes(one.ready.size ?? one.size) : strings.uploading(Math.round(one.part * 100)))}
            </span>
          </span>
          <button type="button" className="btn-ghost min-h-8 min-w-8" aria-label={strings.removeFile(one.name)} onClick={() => onRemove(one.key)}>
            <X className="size-4" />
          </button>
          {!one.ready && !one.problem && (
            <progress className="upload-bar" aria-label={one.name} max={1} value={one.part} />
          )}
        </li>
      ))}
    </ul>
  );
}

function Face({ one }: { one: Uploading }) {
  const picture = one.ready?.mimeType?.startsWith("image/") ? one.ready.url : null;
  if (picture) {
    return <img src={picture} alt="" width={40} height={40} className="size-10 shrink-0 rounded-sm object-cover" />;
  }
  const Icon = one.problem ? TriangleAlert : FileText;
  return (
    <span className="grid size-10 shrink-0 place-items-center rounded-sm bg-(--sheen)">
      <Icon aria-hidden="true" className={`size-5 ${one.problem ? "text-bad" : "text-accent"}`} />
    </span>
  );
}
