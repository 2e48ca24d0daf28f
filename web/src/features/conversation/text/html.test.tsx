// SPDX-License-Identifier: AGPL-3.0-or-later
import { cleanup, render } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";

import { drawHtml } from "@/features/conversation/text/html";

const OF = { roomId: "!room:hs.test", eventId: "$event" };
afterEach(cleanup);
const shown = (html: string): HTMLElement => render(<div>{drawHtml(html, OF)}</div>).container.firstElementChild as HTMLElement;

describe("hostile HTML", () => {
  it.each([
    ["a script", "<script>alert(1)</script>hi", "hi"],
    ["a script in capitals", "<SCRIPT SRC=//evil.example/x.js></SCRIPT>hi", "hi"],
    ["a style", "<style>*{display:none}</style>hi", "hi"],
    ["a frame", '<iframe srcdoc="<script>alert(1)</script>"></iframe>hi', "hi"],
    ["a drawing", "hi<svg><script>alert(1)</script></svg>", "hi"],
    ["mathematics", "<math><mtext><script>1</script></mtext></math>hi", "hi"],
    ["a form", '<form action="https://evil.example"><input name="password">hi</form>', "hi"],
    ["a template", "<template><b>x</b></template>hi", "hi"],
    ["a reply's fallback", "<mx-reply><blockquote>old</blockquote></mx-reply>hi", "hi"],
    ["a comment", "<!-- x -->hi", "hi"],
    ["what is not closed", "<b><i>hi", "hi"],
  ])("%s leaves only the words", (_, html, words) => {
    const found = shown(html);
    expect(found.textContent).toBe(words);
    expect(found.querySelector("script, style, iframe, svg, math, form, input, template, object, embed")).toBeNull();
  });

  it("keeps no attribute of its own", () => {
    const found = shown('<p id="root" class="veil" style="position:fixed" onclick="alert(1)" data-x="1"><b onmouseover=alert(1)>hi</b></p>');
    for (const element of found.querySelectorAll("*")) {
      expect(element.getAttributeNames().filter((name) => /^on|^style$|^id$|^data-/.test(name))).toEqual([]);
    }
    expect(found.querySelector("strong")?.textContent).toBe("hi");
  });

  it.each(["javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "/api/auth/logout", "#x", "blob:x"])(
    "makes no link of %j",
    (href) => {
      const found = shown(`<a href="${href}">press</a>`);
      expect(found.querySelector("a")).toBeNull();
      expect(found.textContent).toBe("press");
    },
  );

  it("fetches pictures from nowhere else", () => {
    const found = shown('<img src="https://evil.example/pixel.gif" alt="cat"><img src="mxc://hs.test/abc" alt=":party:" width="9999">');
    const pictures = [...found.querySelectorAll("img")].map((one) => one.getAttribute("src"));
    expect(pictures).toEqual([
      "/api/v1/rooms/!room%3Ahs.test/media/hs.test/abc/thumbnail?event=%24event&width=96&height=96",
    ]);
    expect(found.textContent).toBe("cat");
  });

  it("survives huge nesting and huge numbers", () => {
    expect(shown(`${"<b>".repeat(500)}deep`).textContent).toContain("deep");
    expect(shown("<i>x</i>".repeat(3000)).textContent?.length).toBeLessThanOrEqual(4000);
    expect(drawHtml("x".repeat(70_000), OF)).toBeNull();
  });

  it("keeps text that turns around within its own bounds", () => {
    const found = shown('<a href="https://example.org/">\u202egpj.exe</a>');
    expect(found.querySelector("a > bdi")?.textContent).toBe("\u202egpj.exe");
  });
});

describe("what other apps write", () => {
  it("is drawn as it was meant", () => {
    const found = shown('<p>one <strong>two</strong> <em>three</em> <del>four</del></p><pre><code class="language-ts">let x</code></pre><ul><li>five</li></ul><blockquote>six</blockquote>');
    expect("strong em s pre ul li blockquote".split(" ").every((name) => found.querySelector(name))).toBe(true);
  });

  it("leads out with nothing about this page", () => {
    const link = shown('<a href="https://example.org/a">there</a>').querySelector("a");
    expect(link?.getAttribute("rel")).toBe("noopener noreferrer nofollow");
    expect(link?.getAttribute("target")).toBe("_blank");
  });

  it("names people", () => {
    const found = shown('<a href="https://matrix.to/#/@bob:hs.test">Bob</a>');
    expect(found.querySelector(".mention")?.textContent).toBe("Bob");
    expect(found.querySelector("a")).toBeNull();
  });

  it("hides spoilers until asked", () => {
    const found = shown("<span data-mx-spoiler>he did it</span>");
    expect(found.textContent).toBe("Show spoiler");
    expect(found.querySelector("button")).not.toBeNull();
  });

  it("is nothing when it is empty", () => {
    expect(drawHtml("<p> </p>", OF)).toBeNull();
  });
});
