// SPDX-License-Identifier: AGPL-3.0-or-later
// Runs while the app itself is still on its way: asks for what the first sight of a page shows, so
// that it is there when the app is. The app takes each answer once (src/lib/begun.ts).
(() => {
  const page = document.documentElement;
  // Nobody is signed in, or the page came without the server.
  if (!page.hasAttribute("data-session") || page.hasAttribute("data-kept")) return;
  const begun = new Map();
  globalThis.kithBegun = begun;
  const ask = (path) => {
    const headers = { Accept: "application/json" };
    const answer = fetch(path, { headers, credentials: "same-origin" });
    // Whoever takes it says what is wrong.
    answer.catch(() => undefined);
    begun.set(path, { at: performance.now(), answer });
  };
  ask("/api/auth/session");
  const [, place, part] = /^\/(lounge|messages)\/([^/]+)\/?$/.exec(location.pathname) ?? [];
  let name = "";
  try {
    name = encodeURIComponent(decodeURIComponent(part ?? ""));
  } catch {
    // No name at all: the app says so.
  }
  if (!name) return;
  const room = `/api/v1/rooms/${name}`;
  if (place === "messages") ask(`/api/dm/conversations/${name}`);
  ask(room);
  // Whoever comes back, or follows a link to a message, wants another part of the history.
  const [{ type } = {}] = performance.getEntriesByType("navigation");
  if (type === "navigate" && !/[?&]event=/.test(location.search)) ask(`${room}/messages?limit=50`);
  ask(place === "lounge" ? "/api/v1/lounge?sort=active&limit=30" : "/api/dm/conversations?filter=all&limit=30");
  ask("/api/v1/rooms");
})();
