// SPDX-License-Identifier: AGPL-3.0-or-later
// The window's title: how much asks for one, the page, the app.
import { useEffect } from "react";

let page = "";
let asking = 0;

function put(): void {
  const count = asking > 0 ? `(${asking > 99 ? "99+" : asking}) ` : "";
  document.title = `${count}${page ? `${page} · ` : ""}Kith`;
}

/** Name the page. */
export function setPageTitle(title: string): void {
  page = title;
  put();
}

/** Say how much asks for one: mentions, messages to one alone, requests. */
export function setTitleCount(count: number): void {
  asking = count;
  put();
}

/** Name the page while drawn. */
export function usePageTitle(title: string): void {
  useEffect(() => setPageTitle(title), [title]);
}
