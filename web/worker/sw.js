// SPDX-License-Identifier: AGPL-3.0-or-later
// The service worker: keeps the app's own files, so that it opens without a connection. What the
// API answers, and anybody's pictures, never go through it. The build fills in the two constants.
const VERSION = "__VERSION__";
const FILES = ["__FILES__"];

const NAME = `kith-${VERSION}`;
const PAGE = "/";
/** Milliseconds until the kept page is shown instead of one that does not come. */
const PATIENCE = 5000;
const NOT_OURS = /^\/(api|ws|_matrix|_synapse|\.well-known|assets|about|setup)(\/|$)/;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
// Never by itself: only when somebody has pressed "Reload".
self.addEventListener("message", ({ data }) => data === "take over" && self.skipWaiting());
self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  if (mode === "navigate" && !NOT_OURS.test(pathname)) event.respondWith(page(event.request));
  else if (pathname.startsWith("/assets/")) event.respondWith(file(event.request));
});

async function install() {
  const cache = await caches.open(NAME);
  await cache.addAll(FILES);
  const answer = await fetch(PAGE, { credentials: "omit", cache: "no-store" });
  const text = await answer.text();
  // A page of another build would ask for files that are not here: tried again next time.
  if (!answer.ok || !text.includes(FILES[0])) throw new Error("the page is of another build");
  const headers = new Headers(answer.headers);
  for (const name of ["Content-Encoding", "Content-Length", "Vary"]) headers.delete(name);
  // Nobody knows yet who opens it; the app asks, or looks whom it was kept for.
  const kept = text.replace("<html ", "<html data-session data-kept ");
  await cache.put(PAGE, new Response(kept, { headers }));
}

// The build before stays as well: its tabs may still be open and want more of its files.
async function tidy() {
  const others = (await caches.keys()).filter((name) => name.startsWith("kith-") && name !== NAME);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
}

async function page(request) {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  try {
    const answer = await Promise.race([fetch(request), late]);
    if (answer && answer.status < 500) return answer;
  } catch {
    // No connection.
  }
  const cache = await caches.open(NAME);
  return (await cache.match(PAGE)) ?? fetch(request);
}

async function file(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) {
    const cache = await caches.open(NAME);
    // Where there is no room left, it is fetched again next time.
    cache.put(request, answer.clone()).catch(() => undefined);
  }
  return answer;
}
