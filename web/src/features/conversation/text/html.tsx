// SPDX-License-Identifier: AGPL-3.0-or-later
// What other apps wrote as HTML: read by the browser in a document of its own, where nothing runs
// and nothing is fetched; then only what is on the list is drawn. Attributes do not come along.
import type { ReactNode } from "react";

import { strings } from "@/features/conversation/strings";
import { safeHref } from "@/features/conversation/text/links";
import { Out, Spoiler, Words } from "@/features/conversation/text/parts";

const DEEPEST = 40;
const MOST_NODES = 4000;
const LONGEST = 65_536;

const DROPPED = new Set([
  "script", "style", "template", "iframe", "object", "embed", "svg", "math", "noscript", "title",
  "head", "textarea", "select", "option", "audio", "video", "canvas", "mx-reply",
]);
type Drawn = "strong" | "em" | "s" | "u" | "sub" | "sup" | "p" | "ul" | "li" | "caption" | "thead" | "tbody" | "tr";
const PLAIN: Readonly<Record<string, Drawn>> = {
  b: "strong", strong: "strong", i: "em", em: "em", del: "s", s: "s", strike: "s", u: "u", ins: "u",
  sub: "sub", sup: "sup", p: "p", li: "li", caption: "caption", thead: "thead", tbody: "tbody", tr: "tr",
};

/** Which message the HTML is of: who may see it may have the pictures in it. */
export interface Of {
  roomId: string;
  eventId: string;
}

interface Left {
  nodes: number;
  of: Of;
}

/** The HTML as it is meant to be read; null when there is nothing to read in it. */
export function drawHtml(html: string, of: Of): ReactNode {
  if (html.length > LONGEST) return null;
  const { body } = new DOMParser().parseFromString(html, "text/html");
  const left: Left = { nodes: MOST_NODES, of };
  const drawn = children(body, 0, left);
  return body.textContent?.trim() || body.querySelector("img") ? drawn : null;
}

function children(node: Node, depth: number, left: Left): ReactNode[] {
  return Array.from(node.childNodes, (child, at) => <Part key={at} node={child} depth={depth} left={left} />);
}

function Part({ node, depth, left }: { node: Node; depth: number; left: Left }): ReactNode {
  return part(node, depth, left);
}

function part(node: Node, depth: number, left: Left): ReactNode {
  left.nodes -= 1;
  if (left.nodes < 0) return null;
  if (node.nodeType === Node.TEXT_NODE) return <Words text={node.textContent ?? ""} />;
  if (!(node instanceof Element)) return null;
  const name = node.localName;
  if (DROPPED.has(name)) return null;
  if (depth > DEEPEST) return <Words text={node.textContent ?? ""} />;
  const inside = () => children(node, depth + 1, left);
  const Plain = PLAIN[name];
  if (Plain) return <Plain>{inside()}</Plain>;
  switch (name) {
    case "br":
      return <br />;
    case "hr":
      return <hr className="my-2 border-line" />;
    case "a": {
      const href = safeHref(node.getAttribute("href"));
      return href ? <Out href={href}>{inside()}</Out> : <>{inside()}</>;
    }
    case "code":
      return <code className={node.closest("pre") ? undefined : "code-inline"}>{inside()}</code>;
    case "pre":
      return <pre className="code-block">{inside()}</pre>;
    case "blockquote":
      return <blockquote className="quoted">{inside()}</blockquote>;
    case "ul":
      return <ul className="list-disc ps-5">{inside()}</ul>;
    case "ol":
      return <ol className="list-decimal ps-6">{inside()}</ol>;
    case "h1":
    case "h2":
    case "h3":
    case "h4":
    case "h5":
    case "h6":
      return <p className="font-bold">{inside()}</p>;
    case "img":
      return picture(node, left.of);
    case "table":
      return (
        <div className="overflow-x-auto">
          <table className="cells">{inside()}</table>
        </div>
      );
    case "th":
    case "td":
      return <td className={name === "th" ? "font-bold" : undefined}>{inside()}</td>;
    case "details":
      return (
        <details>
          <summary>{strings.details}</summary>
          {inside()}
        </details>
      );
    case "summary":
      return <span className="font-semibold">{inside()}</span>;
    case "span":
      return node.hasAttribute("data-mx-spoiler") ? <Spoiler>{inside()}</Spoiler> : <>{inside()}</>;
    case "div":
      return <div>{inside()}</div>;
    default:
      return <>{inside()}</>;
  }
}

// Custom emoji. Pictures of anywhere else would tell somebody who reads what.
function picture(node: Element, of: Of): ReactNode {
  const found = /^mxc:\/\/([^/]+)\/([A-Za-z0-9_-]+)$/.exec(node.getAttribute("src") ?? "");
  const alt = node.getAttribute("alt") ?? node.getAttribute("title") ?? "";
  if (!found) return <Words text={alt} />;
  const room = `/api/v1/rooms/${encodeURIComponent(of.roomId)}/media`;
  const file = `${encodeURIComponent(found[1] ?? "")}/${found[2]}`;
  const source = `${room}/${file}/thumbnail?event=${encodeURIComponent(of.eventId)}&width=96&height=96`;
  return <img src={source} alt={alt} title={alt} width={24} height={24} loading="lazy" className="inline size-6 object-contain align-text-bottom" />;
}
