// SPDX-License-Identifier: AGPL-3.0-or-later
// What a message says, whatever kind it is.
import { ExternalLink, Lock } from "lucide-react";
import { type ReactNode, memo, useMemo } from "react";

import { AttachmentView } from "@/features/conversation/components/AttachmentView";
import { useHere } from "@/features/conversation/hooks";
import { strings } from "@/features/conversation/strings";
import { drawHtml } from "@/features/conversation/text/html";
import { matrixLink } from "@/features/conversation/text/links";
import { Markdown } from "@/features/conversation/text/markdown";
import { Mentioned, Words } from "@/features/conversation/text/parts";
import type { Message } from "@/lib/message";
import { nameOf } from "@/lib/person";

const EMOJI = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|\ufe0f|\u20e3|\s)+$/u;
const FEW = 3;

/** Whether a text is nothing but a few emoji, which are then drawn large. */
export function isHuge(text: string): boolean {
  if (text.length > 40 || !EMOJI.test(text)) return false;
  const split = new Intl.Segmenter("en", { granularity: "grapheme" });
  return [...split.segment(text.replaceAll(/\s/g, ""))].length <= FEW;
}

/** The text of a message. Kith's own is Markdown; others send HTML, or plain words. */
function Text({ message }: { message: Message }): ReactNode {
  if (message.txnId !== null) return <Markdown text={message.body} />;
  const drawn = message.formattedBody === null ? null : drawHtml(message.formattedBody, message);
  return drawn ?? (
    <p className="whitespace-pre-wrap">
      <Words text={message.body} />
    </p>
  );
}

/** The content of a bubble. */
export const Said = memo(function Said({ message }: { message: Message }) {
  const { me, names } = useHere();
  const mentioned = useMemo(() => {
    const found = message.mentions.users.flatMap((userId) => {
      const name = names.get(userId);
      const plain = nameOf({ userId, displayName: "" });
      return [[plain, userId], ...(name ? [[name, userId]] : [])] as [string, string][];
    });
    return { me, names: new Map(message.mentions.room ? [...found, ["room", me]] : found) };
  }, [me, names, message.mentions]);
  return (
    <Mentioned value={mentioned}>
      <div dir="auto" className="min-w-0">
        <Content message={message} />
      </div>
    </Mentioned>
  );
});

function Content({ message }: { message: Message }): ReactNode {
  const { room } = useHere();
  switch (message.kind) {
    case "encrypted":
      return (
        <p className="flex flex-wrap items-center gap-x-2 text-quiet">
          <Lock aria-hidden="true" className="size-4" /> {strings.encrypted}
          <Elsewhere target={room.roomId} />
        </p>
      );
    case "poll":
    case "location":
    case "other":
      return (
        <p>
          {message.body && <Words text={message.body} />}{" "}
          <span className="text-sm opacity-80">
            {message.kind === "other" ? !message.body && strings.unsupported : strings[message.kind]}
          </span>
        </p>
      );
    case "emote":
      return (
        <em className="not-italic">
          * <bdi>{message.senderName ?? nameOf({ userId: message.sender, displayName: "" })}</bdi>{" "}
          <Words text={message.body} />
        </em>
      );
    default:
      return (
        <>
          {message.attachment && <AttachmentView attachment={message.attachment} kind={message.kind} />}
          {hasWords(message) && <Text message={message} />}
        </>
      );
  }
}

/** Whether a file comes with words of its own, not just its name. */
export const hasWords = (message: Message): boolean =>
  Boolean(message.body.trim()) && message.body !== message.attachment?.name;

function Elsewhere({ target }: { target: string }) {
  return (
    <a className="link inline-flex items-center gap-1 text-sm" href={matrixLink(target)} target="_blank" rel="noopener noreferrer">
      {strings.openElsewhere} <ExternalLink aria-hidden="true" className="size-3.5" />
    </a>
  );
}
