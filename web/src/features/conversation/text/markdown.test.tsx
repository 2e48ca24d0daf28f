// SPDX-License-Identifier: AGPL-3.0-or-later
import { cleanup, render } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";

import { firstLink, safeHref, withLinks } from "@/features/conversation/text/links";
import { Markdown } from "@/features/conversation/text/markdown";
import { Mentioned } from "@/features/conversation/text/parts";

afterEach(cleanup);
const shown = (text: string): HTMLElement => render(<Markdown text={text} />).container;

describe("Markdown", () => {
  it.each([
    ["**bold** word", "strong", "bold"],
    ["an *old* friend", "em", "old"],
    ["an _old_ friend", "em", "old"],
    ["~~gone~~", "s", "gone"],
    ["use `a*b*c` here", "code", "a*b*c"],
    ["```\n<b>x</b>\n```", "pre", "<b>x</b>"],
    ["> quoted", "blockquote", "quoted"],
    ["- one\n- two", "ul", "onetwo"],
    ["3. three\n4. four", "ol", "threefour"],
    ["[here](https://example.org/x)", "a", "here"],
    ["***both***", "strong", "both"],
  ])("%j has a %s", (text, name, words) => {
    expect(shown(text).querySelector(name)?.textContent).toBe(words);
  });

  it.each(["snake_case_name", "2 * 3 * 4", "a ** b", "**", "____", "``", "- ", "1.", "<b>plain</b>", "[x](javascript:alert(1))", "a_b_c", "```\nopen"])(
    "%j stays as it is",
    (text) => {
      const found = shown(text);
      expect(found.textContent).toBe(text);
      expect(found.querySelector("strong, em, s, a, code, ul, ol")).toBeNull();
    },
  );

  it("ends, whatever it is given", () => {
    for (const text of ["*".repeat(4000), "_a".repeat(500), "[".repeat(4000), "`".repeat(4000), "> ".repeat(500), "||".repeat(500)]) {
      shown(text);
    }
    expect(shown("done").textContent).toContain("done");
  });

  it("marks the names of those who are meant, and nobody else", () => {
    const names = new Map([["Bob Lindqvist", "@bob:hs.test"], ["Bob", "@bobby:hs.test"]]);
    const { container } = render(
      <Mentioned value={{ me: "@bob:hs.test", names }}>
        <Markdown text="@Bob Lindqvist, meet @Bob and @Bobo" />
      </Mentioned>,
    );
    const found = [...container.querySelectorAll(".mention")];
    expect(found.map((one) => one.textContent)).toEqual(["@Bob Lindqvist", "@Bob"]);
    expect(found[0]?.hasAttribute("data-me")).toBe(true);
  });
});

describe("addresses", () => {
  it.each([
    ["see https://example.org/a_(b). And", "https://example.org/a_(b)"],
    ["(https://example.org/x)", "https://example.org/x"],
    ["https://example.org/?q=a&b=c, then", "https://example.org/?q=a&b=c"],
    ["https://example.org/\u202egpj.exe", "https://example.org/"],
  ])("in %j are cut right", (text, href) => {
    expect(firstLink(text)).toBe(href);
    expect(withLinks(text).map((piece) => piece.text).join("")).toBe(text);
  });

  it("must be of a kind that is safe", () => {
    expect(safeHref("https://example.org")).toBe("https://example.org/");
    expect(safeHref("mailto:a@example.org")).toBe("mailto:a@example.org");
    for (const bad of ["javascript:1", "data:,x", "x", "//evil.example", `https://e.org/${"x".repeat(3000)}`, null]) {
      expect(safeHref(bad)).toBeNull();
    }
  });

  it("of people are not previewed", () => {
    expect(firstLink("https://matrix.to/#/@bob:hs.test")).toBeNull();
  });
});
