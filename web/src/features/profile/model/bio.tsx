// SPDX-License-Identifier: AGPL-3.0-or-later
// What somebody says of themselves. The server made it harmless; still only what is on the list is drawn.
import type { ReactNode } from "react";

const LONGEST = 16_384;

/** The server's HTML, read by the browser in a document where nothing runs. */
export function drawBio(html: string): ReactNode {
  if (html.length > LONGEST) return null;
  return children(new DOMParser().parseFromString(html, "text/html").body);
}

function children(node: Node): ReactNode[] {
  return Array.from(node.childNodes, (child, at) => <Part key={at} node={child} />);
}

function Part({ node }: { node: Node }): ReactNode {
  if (!(node instanceof Element)) return node.nodeType === Node.TEXT_NODE ? node.textContent : null;
  switch (node.localName) {
    case "br":
      return <br />;
    case "p":
      return <p>{children(node)}</p>;
    case "em":
      return <em>{children(node)}</em>;
    case "strong":
      return <strong>{children(node)}</strong>;
    case "a":
      return <Away href={node.getAttribute("href") ?? ""}>{children(node)}</Away>;
    case "script":
    case "style":
      return null;
    default:
      return children(node);
  }
}

function Away({ href, children: inside }: { href: string; children: ReactNode }) {
  if (!/^https?:\/\//i.test(href)) return <>{inside}</>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow ugc" className="link">
      <bdi>{inside}</bdi>
    </a>
  );
}

const MARKS = /\*\*(?=\S)(?<bold>.+?)(?<=\S)\*\*|\*(?=\S)(?<soft>.+?)(?<=\S)\*|\[(?<label>[^\]\n]+)\]\([^)\s]+\)/u;

/** The same while it is being typed: near enough to see what the marks do. */
export function drawDraft(text: string): ReactNode {
  return text.split(/\n{2,}/).map((paragraph) => (
    <p key={paragraph} className="whitespace-pre-line">
      {marked(paragraph)}
    </p>
  ));
}

function marked(text: string): ReactNode {
  const found = MARKS.exec(text);
  if (!found) return text;
  const { bold, soft, label } = found.groups ?? {};
  const rest = text.slice(found.index + found[0].length);
  return (
    <>
      {text.slice(0, found.index)}
      {bold && <strong>{marked(bold)}</strong>}
      {soft && <em>{marked(soft)}</em>}
      {label && <span className="link">{label}</span>}
      {marked(rest)}
    </>
  );
}
