// SPDX-License-Identifier: AGPL-3.0-or-later
// What is written in Kith's composer, drawn: emphasis, code, quotes, lists, links. No HTML.
import type { ReactNode } from "react";

import { safeHref } from "@/features/conversation/text/links";
import { Out, Spoiler, Words } from "@/features/conversation/text/parts";

const DEEPEST = 6;
// Order is meaning: code first, since nothing inside it means anything.
const INLINE =
  /(?<code>`+)(?<coded>[^`]+?)\k<code>|\[(?<label>[^\]\n]{1,200})\]\((?<href>[^)\s]{1,2048})\)|\*\*\*(?=\S)(?<both>.+?)(?<=\S)\*\*\*|(?<strong>\*\*|__)(?=\S)(?<bold>.+?)(?<=\S)\k<strong>|(?<![\p{L}\p{N}])(?<em>[*_])(?![*_\s])(?<soft>.+?)(?<=\S)\k<em>(?![\p{L}\p{N}])|~~(?=\S)(?<gone>.+?)(?<=\S)~~|\|\|(?<hidden>.+?)\|\|/u;

/** The text as it is meant to be read. */
export function Markdown({ text, depth = 0 }: { text: string; depth?: number }): ReactNode {
  return blocks(text).map((block, at) => <Block key={at} block={block} depth={depth} />);
}

interface Line {
  kind: "text" | "code" | "quote" | "list" | "numbers";
  lines: string[];
  start?: number;
}

function blocks(text: string): Line[] {
  const found: Line[] = [];
  const lines = text.split("\n");
  const add = (kind: Line["kind"], line: string, start?: number) => {
    const last = found.at(-1);
    if (last?.kind === kind && kind !== "code") last.lines.push(line);
    else found.push({ kind, lines: [line], start });
  };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const end = line.startsWith("```") ? lines.indexOf("```", at + 1) : -1;
    const number = /^(\d{1,9})[.)] (.+)/.exec(line);
    if (end > at) {
      found.push({ kind: "code", lines: lines.slice(at + 1, end) });
      at = end;
    } else if (/^> ?/.test(line)) add("quote", line.replace(/^> ?/, ""));
    else if (/^[-*+] \S/.test(line)) add("list", line.slice(2));
    else if (number) add("numbers", number[2] ?? "", Number(number[1]));
    else add("text", line);
  }
  return found;
}

function Block({ block, depth }: { block: Line; depth: number }) {
  const { kind, lines, start } = block;
  if (kind === "code") {
    return (
      <pre className="code-block">
        <code>{lines.join("\n")}</code>
      </pre>
    );
  }
  if (kind === "quote" && depth < DEEPEST) {
    return (
      <blockquote className="quoted">
        <Markdown text={lines.join("\n")} depth={depth + 1} />
      </blockquote>
    );
  }
  if (kind === "list" || kind === "numbers") {
    const List = kind === "list" ? "ul" : "ol";
    return (
      <List start={kind === "numbers" ? start : undefined} className={kind === "list" ? "list-disc ps-5" : "list-decimal ps-6"}>
        {lines.map((line, at) => (
          <li key={at}>{inline(line)}</li>
        ))}
      </List>
    );
  }
  return <p className="whitespace-pre-wrap">{inline(lines.join("\n"))}</p>;
}

/** Emphasis within a line. */
export function inline(text: string, depth = 0): ReactNode {
  const match = depth < DEEPEST ? INLINE.exec(text) : null;
  if (!match?.groups) return <Words text={text} />;
  const after = match.index + match[0].length;
  return (
    <>
      {match.index > 0 && <Words text={text.slice(0, match.index)} />}
      {marked(match.groups, match[0], depth + 1)}
      {after < text.length && inline(text.slice(after), depth)}
    </>
  );
}

function marked(found: Record<string, string | undefined>, whole: string, depth: number): ReactNode {
  const { coded, label, href, both, bold, soft, gone, hidden } = found;
  if (coded !== undefined) return <code className="code-inline">{coded}</code>;
  if (label !== undefined) {
    const safe = safeHref(href ?? null);
    return safe ? <Out href={safe}>{label}</Out> : whole;
  }
  if (both !== undefined) {
    return (
      <strong>
        <em>{inline(both, depth)}</em>
      </strong>
    );
  }
  if (bold !== undefined) return <strong>{inline(bold, depth)}</strong>;
  if (soft !== undefined) return <em>{inline(soft, depth)}</em>;
  if (gone !== undefined) return <s>{inline(gone, depth)}</s>;
  return <Spoiler>{inline(hidden ?? "", depth)}</Spoiler>;
}
