// SPDX-License-Identifier: AGPL-3.0-or-later
import { render } from "@testing-library/react";
import { expect, it } from "vitest";

import { drawBio, drawDraft } from "@/features/profile/model/bio";

const drawn = (node: React.ReactNode): string => render(<div>{node}</div>).container.innerHTML;

it("draws what a bio may hold", () => {
  const html = drawn(drawBio('<p>I <strong>bake</strong><br><a href="https://b.example/" onclick="x()">here</a></p>'));
  expect(html).toContain("<strong>bake</strong>");
  expect(html).toContain('href="https://b.example/"');
  expect(html).toContain("noopener");
  expect(html).not.toContain("onclick");
});

it.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  '<style>*{display:none}</style>',
  '<svg onload=alert(1)>',
])("draws nothing harmful of %s", (html) => {
  expect(drawn(drawBio(html))).not.toMatch(/script|onerror|onload|<img|<style|<svg/);
});

it("shows a draft's marks as they will be", () => {
  const html = drawn(drawDraft("**Bread** and *tea*, [mine](https://x.example)\n\nTwo"));
  expect(html).toContain("<strong>Bread</strong>");
  expect(html).toContain("<em>tea</em>");
  expect(html).toContain(">mine</span>");
  expect(html.match(/<p /g)).toHaveLength(2);
});
