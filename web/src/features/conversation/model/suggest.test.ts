// SPDX-License-Identifier: AGPL-3.0-or-later
import { expect, it } from "vitest";

import { answeredWith, askedFor } from "@/features/conversation/model/suggest";

it.each([
  ["hi @al", 6, "person", "al"],
  ["@", 1, "person", ""],
  ["(@Inê", 5, "person", "Inê"],
  ["/th", 3, "sentence", "th"],
])("%j asks at %i for a %s", (text, caret, kind, word) => {
  expect(askedFor(text, caret)).toMatchObject({ kind, word });
});

it.each([["mail@example.org", 16], ["hi @al there", 12], ["a /th", 5], ["/th and", 3], ["", 0]])(
  "%j asks at %i for nothing",
  (text, caret) => {
    expect(askedFor(text, caret)).toBeNull();
  },
);

it("puts the answer where it was asked for", () => {
  const text = "hi @al, how are you";
  const asked = askedFor(text, 6);
  expect(asked && answeredWith(text, asked, "@Alice Moreau")).toEqual({ text: "hi @Alice Moreau , how are you", caret: 17 });
});
