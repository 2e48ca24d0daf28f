// SPDX-License-Identifier: AGPL-3.0-or-later
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import { ApiError } from "@/lib/api-error";
import { list, moment, number, plural } from "@/lib/formats";
import { changeLook } from "@/lib/look";
import { keepTongue, spoken, tongueFor, words } from "@/lib/tongue";
import type { Spoken } from "@/lib/tongues";
import { accented, mirrored, trialOf } from "@/lib/trial";

const strings = words("sample", {
  hello: "Hello",
  of: (name: string, count: number) => `${name} has ${plural(count, { one: "# friend", other: "# friends" })}`,
  pair: ["One", "Two"],
});
const de: Record<string, object> = {
  sample: {
    hello: "Hallo",
    of: (name: string, count: number) => `${name} hat ${plural(count, { one: "# Freund", other: "# Freunde" })}`,
    pair: ["Eins", "Zwei"],
  },
  errors: { not_found: "Hier ist nichts." },
};
const failed = vi.fn<(error: unknown) => void>();
let reachable = true;

beforeAll(() =>
  keepTongue(
    {
      de: () => (reachable ? Promise.resolve((part) => de[part] ?? {}) : Promise.reject(new Error("away"))),
      fr: () => Promise.reject(new Error("away")),
      "en-XA": () => Promise.resolve(trialOf(accented)),
      "ar-XB": () => Promise.resolve(trialOf(mirrored)),
    },
    failed,
  ),
);

async function choose(tongue: Spoken): Promise<void> {
  changeLook({ tongue });
  await vi.waitFor(() => expect(spoken()).toBe(tongue));
}

afterEach(() => {
  reachable = true;
  return choose("en");
});

describe("the language", () => {
  it("is the first of the browser's that there is, unless one is chosen", () => {
    expect(tongueFor("browser", ["nl", "de-AT", "en"])).toBe("de");
    expect(tongueFor("browser", ["nl", "toString"])).toBe("en");
    expect(tongueFor("en", ["de"])).toBe("en");
  });

  it("says the words, the plurals and the refusals", async () => {
    expect([strings.hello, strings.of("Ada", 1), strings.of("Ada", 1200)]).toEqual(["Hello", "Ada has 1 friend", "Ada has 1,200 friends"]);
    await choose("de");
    expect([strings.hello, strings.of("Ada", 1), strings.pair[1]]).toEqual(["Hallo", "Ada hat 1 Freund", "Zwei"]);
    expect(new ApiError("not_found", 404, "There is nothing here.").sentence).toBe("Hier ist nichts.");
    expect(new ApiError("unheard_of", 400, "The server's own words.").sentence).toBe("The server's own words.");
    expect(document.documentElement.lang).toBe("de");
  });

  it("writes numbers, dates and lists", async () => {
    await choose("de");
    expect(number(1234.5)).toBe("1.234,5");
    expect(list(["Ada", "Ben", "Cleo"])).toBe("Ada, Ben und Cleo");
    expect(moment(Date.UTC(2026, 10, 20, 12), { dateStyle: "long" })).toBe("20. November 2026");
  });

  it("stays what it was when another cannot be fetched", async () => {
    reachable = false;
    changeLook({ tongue: "de" });
    await vi.waitFor(() => expect(failed).toHaveBeenCalled());
    expect([spoken(), strings.hello]).toEqual(["en", "Hello"]);
    changeLook({ tongue: "en" });
  });
});

describe("the trial languages", () => {
  it("make English longer, mark its ends, and leave names as they are", async () => {
    await choose("en-XA");
    expect(strings.hello).toMatch(/^⟦Ĥèĺĺò.+⟧$/);
    expect(strings.of("Ada", 2)).toMatch(/^⟦Ada ĥàš .*⟧$/);
    expect(strings.hello.length).toBeGreaterThan("Hello".length * 1.4);
  });

  it("mirror the page", async () => {
    await choose("ar-XB");
    expect(document.documentElement.dir).toBe("rtl");
    expect(strings.pair[0]).toMatch(/^\u202E⟦.*⟧\u202C$/);
    await choose("en");
    expect(document.documentElement.dir).toBe("ltr");
  });
});
