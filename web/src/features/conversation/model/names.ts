// SPDX-License-Identifier: AGPL-3.0-or-later

interface Named {
  sender: string;
  senderName: string | null;
}

/** Gives what people are called; the same map until somebody comes in or is called otherwise. */
export function nameKeeper(): (items: readonly Named[]) => ReadonlyMap<string, string> {
  let last: ReadonlyMap<string, string> = new Map();
  return (items) => {
    const names = new Map(items.flatMap((item) => (item.senderName ? [[item.sender, item.senderName] as const] : [])));
    const known = names.size === last.size && [...names].every(([who, name]) => last.get(who) === name);
    if (!known) last = names;
    return last;
  };
}
