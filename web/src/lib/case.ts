// SPDX-License-Identifier: AGPL-3.0-or-later
// The one place where the wire's snake_case and the app's camelCase meet.

type CamelKey<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelKey<Tail>>}`
  : S;

/** A wire type as the app sees it. */
export type Camel<T> = T extends readonly (infer Item)[]
  ? Camel<Item>[]
  : T extends object
    ? { [K in keyof T as K extends string ? CamelKey<K> : K]: Camel<T[K]> }
    : T;

export const camelKey = (key: string): string =>
  key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

export const snakeKey = (key: string): string =>
  key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What came over the wire, with camelCase keys at every depth. */
export const fromWire = <T>(value: T): Camel<T> => renamed(value, camelKey) as Camel<T>;

/** What is sent, with snake_case keys at every depth. */
export const toWire = (value: unknown): unknown => renamed(value, snakeKey);

function renamed(value: unknown, name: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, name));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [name(key), renamed(item, name)]),
  );
}
