// SPDX-License-Identifier: AGPL-3.0-or-later
// The few marks a message may carry, whichever way they were written.
import { type ReactNode, createContext, useContext, useState } from "react";

import { strings } from "@/features/conversation/strings";
import { matrixTarget, withLinks } from "@/features/conversation/text/links";

/** Whom a message mentions, by what they are called: how names in the text become marks. */
export const Mentioned = createContext<{ me: string; names: ReadonlyMap<string, string> }>({
  me: "",
  names: new Map(),
});

/** An address that leads out, never with what the page knows. */
export function Out({ href, children }: { href: string; children: ReactNode }) {
  const target = matrixTarget(href);
  if (target?.startsWith("@")) return <Name userId={target}>{children}</Name>;
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="underline decoration-1 underline-offset-3 hover:decoration-2"
    >
      <bdi>{children}</bdi>
    </a>
  );
}

/** Somebody's name in a text. */
export function Name({ userId, children }: { userId: string; children: ReactNode }) {
  const { me } = useContext(Mentioned);
  return (
    <span className="mention" data-me={userId === me || undefined} title={userId}>
      <bdi>{children}</bdi>
    </span>
  );
}

/** Something one chooses to see. */
export function Spoiler({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState(false);
  if (open) return <span className="rounded-sm bg-(--sheen)">{children}</span>;
  return (
    <button type="button" className="spoiler" onClick={() => setOpen(true)}>
      {strings.spoiler}
    </button>
  );
}

/** Plain words, with addresses and names in them. */
export function Words({ text }: { text: string }) {
  const { names } = useContext(Mentioned);
  return withLinks(text).map((piece, at) =>
    piece.href ? (
      <Out key={at} href={piece.href}>
        {piece.text}
      </Out>
    ) : (
      <Named key={at} text={piece.text} names={names} />
    ),
  );
}

function Named({ text, names }: { text: string; names: ReadonlyMap<string, string> }) {
  if (!names.size || !text.includes("@")) return text;
  const longestFirst = [...names.keys()].toSorted((one, other) => other.length - one.length);
  const escaped = longestFirst.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const parts = text.split(new RegExp(`(@(?:${escaped.join("|")}))(?![\\p{L}\\p{N}])`, "gu"));
  return parts.map((part, at) => {
    const userId = part.startsWith("@") ? names.get(part.slice(1)) : undefined;
    return userId ? (
      <Name key={at} userId={userId}>
        {part}
      </Name>
    ) : (
      part
    );
  });
}
