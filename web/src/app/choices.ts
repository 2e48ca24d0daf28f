// SPDX-License-Identifier: AGPL-3.0-or-later
// What the switcher leads to: rooms, people, pages and actions; the last chosen come first.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import {
  Bookmark, Contrast, FileArchive, Inbox, type LucideIcon, MessageCircle, MessageCirclePlus, PackagePlus, Palette, Search,
  Send, ShieldCheck, Sofa, Store, UserRound, UserRoundPlus, UserRoundSearch, UsersRound, Zap,
} from "lucide-react";

import { strings } from "@/app/strings";
import { useAdding } from "@/features/connections/adding";
import { friendsQuery } from "@/features/connections/api";
import { inboxQuery } from "@/features/messages/api";
import { useCreating } from "@/features/messages/creating";
import { otherOf, titleOf } from "@/features/messages/naming";
import { useUnread } from "@/lib/live/unread";
import { changeLook, isDark, useLook } from "@/lib/look";
import { addressOf, handleOf, nameOf } from "@/lib/person";
import { type Counts, roomsQuery } from "@/lib/rooms";
import { useMe } from "@/lib/session";
import type { Person } from "@/lib/types";

export interface Choice {
  id: string;
  label: string;
  detail: string;
  icon?: LucideIcon;
  emoji?: string | null;
  person?: Pick<Person, "userId" | "displayName" | "avatarUrl">;
  counts?: Counts;
  direct?: boolean;
  run: () => void;
}

const MOST = 9;
const RECENT = "kith.recent";

function recents(): readonly string[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(RECENT) ?? "[]");
    return Array.isArray(found) ? found.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

/** Remember what was chosen, in this browser. */
export function remember(id: string): void {
  try {
    localStorage.setItem(RECENT, JSON.stringify([id, ...recents().filter((one) => one !== id)].slice(0, MOST)));
  } catch {
    // Private windows may forbid it; nothing is lost but the order.
  }
}

const asId = (text: string): string => text.replace(/[^a-z0-9]/gi, "-");

function useRooms(): readonly Choice[] {
  const navigate = useNavigate();
  const me = useMe();
  const counts = useUnread(({ rooms }) => rooms);
  const { data: rooms } = useQuery(roomsQuery);
  const { data: inbox } = useInfiniteQuery(inboxQuery("all", ""));
  const forums = (rooms?.rooms ?? [])
    .filter(({ kind }) => kind === "forum")
    .map((room): Choice => ({
      id: asId(room.id),
      label: room.name ?? strings.forum,
      detail: strings.places.lounge,
      icon: room.emoji ? undefined : Sofa,
      emoji: room.emoji,
      counts: counts[room.roomId] ?? room,
      run: () => void navigate({ to: "/lounge/$forum", params: { forum: room.slug ?? room.id } }),
    }));
  const talks = (inbox?.pages.flatMap((page) => page.conversations) ?? [])
    .filter(({ request }) => !request)
    .map((talk): Choice => {
      const other = otherOf(talk, me.userId);
      return {
        id: asId(talk.id),
        label: titleOf(talk, me.userId),
        detail: other ? strings.conversation : strings.group,
        icon: other ? undefined : MessageCircle,
        person: other ?? undefined,
        counts: counts[talk.roomId] ?? talk,
        direct: other !== null,
        run: () => void navigate({ to: "/messages/$conversation", params: { conversation: talk.id } }),
      };
    });
  return [...forums, ...talks];
}

const action = (id: string, label: string, icon: LucideIcon, run: () => void): Choice => ({
  id,
  label,
  detail: strings.action,
  icon,
  run,
});

function usePages(): readonly Choice[] {
  const navigate = useNavigate();
  const dark = isDark(useLook((state) => state.theme));
  const page = (id: string, label: string, icon: LucideIcon, to: Page): Choice => ({
    id,
    label,
    detail: strings.aPage,
    icon,
    run: () => void navigate({ to }),
  });
  const names = strings.pages;
  return [
    page("lounge", names.lounge, Sofa, "/lounge"),
    page("messages", names.messages, MessageCircle, "/messages"),
    page("friends", names.connections, UsersRound, "/connections"),
    page("find-people", names.people, UserRoundSearch, "/people"),
    page("listings", names.listings, Store, "/listings"),
    page("saved-searches", names.saved, Bookmark, "/listings/saved"),
    page("search", names.search, Search, "/search"),
    page("incoming", names.incoming, Inbox, "/connections/incoming"),
    page("outgoing", names.outgoing, Send, "/connections/outgoing"),
    page("profile", names.profile, UserRound, "/settings/profile"),
    page("privacy", names.privacy, ShieldCheck, "/settings/privacy"),
    page("data", names.data, FileArchive, "/settings/data"),
    page("quick-replies", names.quickReplies, Zap, "/settings/quick-replies"),
    page("look", names.appearance, Palette, "/settings/appearance"),
    action("write", strings.actions.write, MessageCirclePlus, () => {
      void navigate({ to: "/messages" });
      useCreating.setState({ open: true });
    }),
    action("add", strings.actions.add, UserRoundPlus, () => {
      void navigate({ to: "/connections" });
      useAdding.setState({ open: true });
    }),
    action("offer", strings.actions.offer, PackagePlus, () => void navigate({ to: "/listings/new" })),
    action("theme", dark ? strings.light : strings.dark, Contrast, () =>
      changeLook({ theme: dark ? "light" : "dark" }),
    ),
  ];
}

type Page =
  | "/lounge"
  | "/messages"
  | "/connections"
  | "/people"
  | "/listings"
  | "/listings/saved"
  | "/settings/data"
  | "/search"
  | "/settings/profile"
  | "/connections/incoming"
  | "/connections/outgoing"
  | "/settings/privacy"
  | "/settings/quick-replies"
  | "/settings/appearance";

/** What fits the text; without one, the last chosen and then what is unread. */
export function useChoices(text: string): readonly Choice[] {
  const navigate = useNavigate();
  const { home } = useMe();
  const { data } = useInfiniteQuery(friendsQuery());
  const rooms = useRooms();
  const pages = usePages();
  const visit = (user: string) => () => void navigate({ to: "/profile/$user", params: { user } });
  // Whom one talks with already stands among the conversations.
  const talking = new Set(rooms.map(({ person }) => person?.userId));
  const known = (data?.pages.flatMap((page) => page.friends) ?? []).filter(({ userId }) => !talking.has(userId));
  const friends = known.map(
    (friend): Choice => ({
      id: asId(friend.userId),
      label: nameOf(friend),
      detail: handleOf(friend.userId, home),
      person: friend,
      run: visit(addressOf(friend.userId, home)),
    }),
  );
  const needle = text.toLowerCase();
  const last = recents();
  const rank = ({ id, label, counts }: Choice): number => {
    if (needle) return label.toLowerCase().startsWith(needle) ? 0 : 1;
    if (last.includes(id)) return last.indexOf(id) / MOST;
    return counts && (counts.mentions > 0 || counts.unread > 0) ? 1 : 2;
  };
  const fitting = [...rooms, ...friends, ...pages]
    .filter(({ label, detail }) => `${label} ${detail}`.toLowerCase().includes(needle))
    .toSorted((one, other) => rank(one) - rank(other))
    .slice(0, MOST);
  if (!needle) return fitting;
  const said = {
    id: "said",
    label: strings.said(text),
    detail: strings.search,
    icon: Search,
    run: () => void navigate({ to: "/search", search: { q: text } }),
  };
  if (!/^@?[a-z0-9._=/+-]+(:[^\s/]+)?$/i.test(text)) return [...fitting, said];
  const user = text.startsWith("@") && !text.includes(":") ? text.slice(1) : text;
  const person = { id: "person", label: text, detail: strings.lookUp, icon: UserRoundSearch, run: visit(user) };
  return [...fitting, person, said];
}
