// SPDX-License-Identifier: AGPL-3.0-or-later
// What this browser keeps of what the server said, so that without a connection there is something
// to read: lists, rooms, and the last messages of the last rooms. For one person, no pictures and
// no files; gone when the session ends or another begins (docs/web.md says what is kept).
import { create } from "zustand";

import { type Query, address, call } from "@/lib/api";
import { ApiError } from "@/lib/api-error";

const DATABASE = "kith";
/** How many of each are kept; what was kept longest ago goes first. */
const MOST = { answers: 80, messages: 20 };
type Shelf = keyof typeof MOST;
const SHELVES = Object.keys(MOST) as Shelf[];
/** Messages kept of a room. */
const MOST_MESSAGES = 50;
/** Milliseconds after which nothing kept is shown any more. */
const LASTS = 30 * 86_400_000;
const OWNER = "owner";
/** Says that something may be kept, without opening the database to see. */
const FLAG = "kith.kept";

interface Entry {
  name: string;
  at: number;
  value: unknown;
}

/** Whether the page began without the server, on what was kept. */
export const useAway = create<{ away: boolean }>(() => ({ away: false }));

let owner: string | null = null;
let opened: Promise<IDBDatabase> | null = null;
/** One thing after the other: what is forgotten stays so, whatever was on its way. */
let turn: Promise<unknown> = Promise.resolve();

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("not kept")));
  });

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.addEventListener("upgradeneeded", () => {
    for (const shelf of SHELVES) {
      request.result.createObjectStore(shelf, { keyPath: "name" }).createIndex("at", "at");
    }
  });
  return done(request);
}

type Store = (shelf: Shelf) => IDBObjectStore;

// Where the browser keeps nothing (a private window, a full disk), the app is as it is without.
function within<T>(mode: IDBTransactionMode, work: (store: Store) => Promise<T>): Promise<T | undefined> {
  const next = turn.then(async () => {
    if (typeof indexedDB === "undefined") return undefined;
    try {
      opened ??= open();
      const transaction = (await opened).transaction(SHELVES, mode);
      return await work((shelf) => transaction.objectStore(shelf));
    } catch {
      return undefined;
    }
  });
  turn = next;
  return next;
}

const clear = (store: Store): Promise<unknown> => Promise.all(SHELVES.map((shelf) => done(store(shelf).clear())));

function write(shelf: Shelf, name: string, value: unknown): void {
  if (owner === null) return;
  const whose = owner;
  const entry = { name, at: Date.now(), value };
  void within("readwrite", async (store) => {
    if (owner !== whose) return;
    const place = store(shelf);
    await done(place.put(entry));
    const over = (await done(place.count())) - MOST[shelf];
    if (over <= 0) return;
    for (const key of await done(place.index("at").getAllKeys(null, over))) place.delete(key);
  });
}

async function read<T>(shelf: Shelf, name: string): Promise<T | undefined> {
  const entry = await within("readonly", (store) => done<Entry | undefined>(store(shelf).get(name)));
  return entry && Date.now() - entry.at < LASTS ? (entry.value as T) : undefined;
}

const drop = (name: string): void => void within("readwrite", (store) => done(store("answers").delete(name)));

/** Keep for somebody from now on; what was kept for somebody else is gone. */
export function keepFor(user: string): void {
  if (owner === user) return;
  owner = user;
  flag(true);
  void within("readwrite", async (store) => {
    const before = await done<Entry | undefined>(store("answers").get(OWNER));
    if (before?.value === user) return;
    await clear(store);
    await done(store("answers").put({ name: OWNER, at: Number.MAX_SAFE_INTEGER, value: user }));
  });
}

/** Forget everything that is kept. */
export async function forgetKept(): Promise<void> {
  owner = null;
  if (!flagged()) return;
  await within("readwrite", clear);
  flag(false);
}

function flag(on: boolean): void {
  try {
    if (on) localStorage.setItem(FLAG, "1");
    else localStorage.removeItem(FLAG);
  } catch {
    // Where this is forbidden, so is keeping anything.
  }
}

function flagged(): boolean {
  try {
    return localStorage.getItem(FLAG) !== null;
  } catch {
    return false;
  }
}

/** Keep an answer under a name. */
export const keep = (name: string, value: unknown): void => write("answers", name, value);

/** What was kept under a name. */
export const recall = <T>(name: string): Promise<T | undefined> => read<T>("answers", name);

const isAway = (error: unknown): boolean =>
  error instanceof ApiError && error.temporary && (useAway.getState().away || !navigator.onLine);
const isClosed = (error: unknown): boolean => error instanceof ApiError && [403, 404].includes(error.status);

/** Read from the server, and while there is none, what it said last. */
export async function kept<T>(path: string, options: { query?: Query; signal?: AbortSignal } = {}): Promise<T> {
  const name = address(path, options.query);
  try {
    const found = await call<T>("GET", path, options);
    useAway.setState({ away: false });
    keep(name, found);
    return found;
  } catch (error) {
    const before = isAway(error) ? await recall<T>(name) : undefined;
    if (before !== undefined) return before;
    // What one may not see any more is not kept either.
    if (isClosed(error)) drop(name);
    throw error;
  }
}

/** Keep the newest messages of a room. */
export const keepMessages = (room: string, items: readonly unknown[]): void =>
  write("messages", room, items.slice(-MOST_MESSAGES));

/** Keep no messages of a room any more; of no room when none is named. */
export const dropMessages = (room?: string): void =>
  void within("readwrite", (store) => done(room ? store("messages").delete(room) : store("messages").clear()));

/** The messages that were kept of a room, after fetching them has failed like this. */
export async function recallMessages<T>(room: string, error: unknown): Promise<readonly T[] | undefined> {
  if (isAway(error)) return read<readonly T[]>("messages", room);
  if (isClosed(error)) dropMessages(room);
  return undefined;
}
