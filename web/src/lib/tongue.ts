// SPDX-License-Identifier: AGPL-3.0-or-later
// The language of the app. English is in the parts themselves; another one is fetched, whole, before
// anything is drawn, and takes its place. `docs/web.md` says how one is added.
import { create } from "zustand";

import { useLook } from "@/lib/look";
import { type Spoken, TONGUES, type Tongue, type Wish } from "@/lib/tongues";

/** The shape of a catalogue: the same words, said in any language. */
export type Words<T> = T extends string
  ? string
  : T extends (...given: infer Given) => infer Said
    ? (...given: Given) => Words<Said>
    : { readonly [Key in keyof T]: Words<T[Key]> };

/** What gives a part's words in the language that is spoken. */
type Turn = (part: string, english: object) => object;
/** What fetches a language. */
export type Loaders = Readonly<Record<Exclude<Spoken, "en">, () => Promise<Turn>>>;

export const useTongue = create<{ spoken: Spoken }>(() => ({ spoken: "en" }));
export const spoken = (): Spoken => useTongue.getState().spoken;

let turn: Turn | null = null;
let wanted: Spoken = "en";

/**
 * The words of a part of the app, given in English. What is read from it comes in the language that is
 * spoken then, so it is to be read while drawing, never once for all.
 */
export function words<const T extends object>(part: string, english: T): Words<T> {
  const get = (_: T, key: string | symbol): unknown => Reflect.get(turn ? turn(part, english) : english, key);
  return new Proxy(english, { get }) as unknown as Words<T>;
}

/** What a refusal with this code says; in English, and without a word for it, what the server said. */
export function refusalIn(code: string, sentence: string): string {
  const known: unknown = turn && Reflect.get(turn("errors", { [code]: sentence }), code);
  return typeof known === "string" ? known : sentence;
}

/** What `Intl` says, changed as the words are while a page is tried. */
export function trial(text: string): string {
  const now = spoken();
  return turn && (now === "en-XA" || now === "ar-XB") ? String(Reflect.get(turn("intl", { text }), "text")) : text;
}

const languageOf = (tag: string): string => tag.toLowerCase().split("-", 1)[0] ?? "";
/** Whether it is a language that people speak. */
export const isTongue = (tag: string): tag is Tongue => Object.hasOwn(TONGUES, tag);

/** The language for a wish: the first of the browser's that there is, else English. */
export function tongueFor(wish: Wish, browser: readonly string[] = navigator.languages): Spoken {
  if (wish !== "browser") return wish;
  return browser.map(languageOf).find(isTongue) ?? "en";
}

/** For `Intl`: the language as the browser's region writes it; English is the same everywhere. */
export function locale(english: "en" | "en-GB" = "en"): string {
  const now = spoken();
  if (now === "de" || now === "fr") return navigator.languages.find((tag) => languageOf(tag) === now) ?? now;
  return english;
}

/** Where React Aria looks for the language of its own words and directions, once, when it begins. */
const ARIA = Symbol.for("react-aria.i18n.locale");
const tellAria = (next: Spoken): void => void Object.assign(globalThis, { [ARIA]: next === "ar-XB" ? "ar" : locale() });

function put(next: Spoken): void {
  const root = document.documentElement;
  root.lang = next;
  root.dir = next === "ar-XB" ? "rtl" : "ltr";
  useTongue.setState({ spoken: next });
  tellAria(next);
  dispatchEvent(new Event("languagechange"));
}

/** Speak a language from now on; the one before stays while it cannot be fetched. The last call counts. */
async function speak(next: Spoken, loaders: Loaders, failed: (error: unknown) => void): Promise<void> {
  wanted = next;
  try {
    const found = next === "en" ? null : await loaders[next]();
    if (wanted !== next) return;
    turn = found;
    put(next);
  } catch (error) {
    failed(error);
  }
}

const wished = (): Spoken => tongueFor(useLook.getState().tongue);

/** Speak as one wishes, from now on: done when it is known how the first page speaks. */
export async function keepTongue(loaders: Loaders, failed: (error: unknown) => void): Promise<void> {
  useLook.subscribe(({ tongue }, before) => {
    if (tongue !== before.tongue) void speak(wished(), loaders, failed);
  });
  await speak(wished(), loaders, failed);
}

tellAria(wished());
