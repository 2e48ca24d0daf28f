// SPDX-License-Identifier: AGPL-3.0-or-later
import { expect, it } from "vitest";

import { isAsking, momentOf, senderOf, wantedOf } from "@/features/search/api";
import { excerpt, wordsOf } from "@/features/search/model";

it("an address asks only for what there is", () => {
  expect(wantedOf({ q: "heron", has: "gold", from: "2026-13-99", to: "2026-02-01", room: "", x: 1 })).toEqual({
    q: "heron",
    to: "2026-02-01",
  });
  expect(wantedOf({ q: 42 })).toEqual({ q: "42" });
});

it("without words a room and something about it are needed", () => {
  expect(isAsking({ q: " " })).toBe(false);
  expect(isAsking({ sender: "bob" })).toBe(false);
  expect(isAsking({ room: "r" })).toBe(false);
  expect(isAsking({ room: "r", has: "file" })).toBe(true);
  expect(isAsking({ q: "x" })).toBe(true);
});

it("a bare name is somebody here", () => {
  expect(senderOf("Bob", "hs.test")).toBe("@bob:hs.test");
  expect(senderOf("@bob", "hs.test")).toBe("@bob:hs.test");
  expect(senderOf("@bob:far.test", "hs.test")).toBe("@bob:far.test");
});

it("a day is whole", () => {
  expect(momentOf("2026-03-01", true) - momentOf("2026-03-01", false)).toBe(86_400_000 - 1);
});

it("the words are marked where they stand, however long the text", () => {
  const words = wordsOf('"Heron" -nest c++');
  expect(words).toEqual(["heron", "nest", "c"]);
  const long = `${"blah ".repeat(100)}a heron, two Herons and an outheron`;
  const parts = excerpt(long, ["heron"]);
  expect(parts.filter(({ hit }) => hit).map(({ text }) => text)).toEqual(["heron", "Heron"]);
  expect(parts[0]?.text.startsWith("…")).toBe(true);
  expect(excerpt("short", [])).toEqual([{ text: "short", hit: false, at: 0 }]);
  expect(excerpt("(a.b", wordsOf("(a.b"))).toEqual([
    { text: "(", hit: false, at: 0 },
    { text: "a", hit: true, at: 1 },
    { text: ".", hit: false, at: 2 },
    { text: "b", hit: true, at: 3 },
  ]);
});
