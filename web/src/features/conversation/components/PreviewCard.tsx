// SPDX-License-Identifier: AGPL-3.0-or-later
// What lies behind an address: looked up by Kith, so that nobody's browser goes there by itself.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { previewQuery } from "@/features/conversation/api";
import { strings } from "@/features/conversation/strings";

/** Asks only once it has been in view; until then, and without an answer, there is nothing. */
export function PreviewCard({ href }: { href: string }) {
  const [seen, setSeen] = useState(false);
  const mark = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const { current } = mark;
    if (!current || seen) return undefined;
    const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && setSeen(true));
    watch.observe(current);
    return () => watch.disconnect();
  }, [seen]);
  const { data } = useQuery({ ...previewQuery(href), enabled: seen });
  if (!data?.title) return <span ref={mark} />;
  const { title, description, siteName, image } = data;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" className="preview" title={strings.opens(href)}>
      <span className="grid min-w-0 gap-0.5">
        <bdi className="truncate text-xs text-quiet">{siteName ?? new URL(href).host}</bdi>
        <bdi className="line-clamp-2 font-semibold">{title}</bdi>
        {description && <bdi className="line-clamp-2 text-sm text-quiet">{description}</bdi>}
      </span>
      {image && <img src={image.url} alt="" width={72} height={72} loading="lazy" className="size-18 rounded-sm object-cover" />}
    </a>
  );
}
