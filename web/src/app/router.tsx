// SPDX-License-Identifier: AGPL-3.0-or-later
// Every address of the app. The server knows the same list (appservice/web/app.py).
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";

import { Broken, NotFound } from "@/app/Elsewhere";
import { Frame, PageLayout } from "@/app/Shell";
import { strings } from "@/app/strings";
import { wantedOf as listingsOf } from "@/features/listings/model/wanted";
import { SORTS, type Sort } from "@/features/lounge/api";
import { FILTERS, type Filter } from "@/features/messages/api";
import { wantedOf } from "@/features/people/api";
import { wantedOf as lookedForOf } from "@/features/search/api";
import { LOOKS, type Look } from "@/features/profile/api";
import { sessionQuery } from "@/lib/session";
import { SkeletonRows } from "@/ui/States";

const root = createRootRouteWithContext<{ client: QueryClient }>()({ notFoundComponent: NotFound });

const people = () => import("@/features/connections/pages");
const goods = () => import("@/app/places/Listings");
const places = () => import("@/app/places/pages");
const settings = () => import("@/features/settings/pages");

const signedIn = (client: QueryClient) => client.ensureQueryData(sessionQuery);

const outside = async ({ context }: { context: { client: QueryClient } }) => {
  if (await signedIn(context.client)) throw redirect({ to: "/lounge", replace: true });
};

const welcome = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: outside,
  component: lazyRouteComponent(() => import("@/features/session/components/WelcomePage")),
});
const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    typeof search.next === "string" ? { next: search.next } : {},
  beforeLoad: outside,
  component: lazyRouteComponent(() => import("@/features/session/components/SignInPage")),
});
const signUp = createRoute({
  getParentRoute: () => root,
  path: "/sign-up",
  beforeLoad: outside,
  component: lazyRouteComponent(() => import("@/features/session/components/SignUpPage")),
});
const forgot = createRoute({
  getParentRoute: () => root,
  path: "/forgot-password",
  component: lazyRouteComponent(() => import("@/features/session/components/ForgotPage")),
});
const styleguide = createRoute({
  getParentRoute: () => root,
  path: "/styleguide-neon",
  component: lazyRouteComponent(() => import("@/features/styleguide/components/StyleguidePage")),
});

const proof = createRoute({
  getParentRoute: () => root,
  path: "/erasures/$token",
  component: lazyRouteComponent(() => import("@/features/privacy/pages"), "ProofPage"),
});

const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  beforeLoad: async ({ context, location }): Promise<{ known: boolean }> => {
    if (await signedIn(context.client)) return { known: true };
    // What somebody shows to everybody is seen without an account.
    if (location.pathname.startsWith("/profile/")) return { known: false };
    throw redirect({ to: "/sign-in", search: { next: location.href }, replace: true });
  },
  component: Frame,
});
/** A message or a thread that the address leads to. */
const inRoom = ({ event, thread }: Record<string, unknown>): { event?: string; thread?: string } => ({
  ...(typeof event === "string" && { event }),
  ...(typeof thread === "string" && { thread }),
});
const lounge = createRoute({
  getParentRoute: () => inside,
  path: "/lounge",
  validateSearch: (search: Record<string, unknown>): { sort?: Sort } => {
    const sort = SORTS.find((one) => one === search.sort);
    return sort && sort !== "active" ? { sort } : {};
  },
});
const forums = createRoute({
  getParentRoute: () => lounge,
  path: "/",
  component: lazyRouteComponent(() => import("@/app/places/Forums")),
});
const forum = createRoute({
  getParentRoute: () => lounge,
  path: "/$forum",
  validateSearch: inRoom,
  component: lazyRouteComponent(places, "Forum"),
});
const messages = createRoute({
  getParentRoute: () => inside,
  path: "/messages",
  validateSearch: (search: Record<string, unknown>): { filter?: Filter } => {
    const filter = FILTERS.find((one) => one === search.filter);
    return filter && filter !== "all" ? { filter } : {};
  },
  component: lazyRouteComponent(places, "Messages"),
});
const inbox = createRoute({
  getParentRoute: () => messages,
  path: "/",
  component: lazyRouteComponent(places, "Inbox"),
});
const conversation = createRoute({
  getParentRoute: () => messages,
  path: "/$conversation",
  validateSearch: inRoom,
  component: lazyRouteComponent(places, "Conversation"),
});
const pages = createRoute({ getParentRoute: () => inside, id: "pages", component: PageLayout });
const circle = createRoute({
  getParentRoute: () => pages,
  path: "/thrive-circle",
  component: lazyRouteComponent(() => import("@/app/places/ThriveCircle")),
});
const connections = createRoute({
  getParentRoute: () => pages,
  path: "/connections",
  component: lazyRouteComponent(people, "ConnectionsPage"),
});
const friends = createRoute({
  getParentRoute: () => connections,
  path: "/",
  component: lazyRouteComponent(() => import("@/app/places/Friends")),
});
const incoming = createRoute({
  getParentRoute: () => connections,
  path: "/incoming",
  component: lazyRouteComponent(people, "IncomingTab"),
});
const outgoing = createRoute({
  getParentRoute: () => connections,
  path: "/outgoing",
  component: lazyRouteComponent(people, "OutgoingTab"),
});
const blocked = createRoute({
  getParentRoute: () => connections,
  path: "/blocked",
  component: lazyRouteComponent(people, "BlockedTab"),
});
const profile = createRoute({
  getParentRoute: () => pages,
  path: "/profile/$user",
  validateSearch: (search: Record<string, unknown>): { as?: Look } => {
    const as = LOOKS.find((one) => one === search.as);
    return as ? { as } : {};
  },
  component: lazyRouteComponent(() => import("@/app/places/Profile")),
});
const finding = createRoute({
  getParentRoute: () => pages,
  path: "/people",
  validateSearch: wantedOf,
  component: lazyRouteComponent(() => import("@/app/places/People")),
});
const search = createRoute({
  getParentRoute: () => pages,
  path: "/search",
  validateSearch: lookedForOf,
  component: lazyRouteComponent(() => import("@/features/search/components/SearchPage")),
});
const person = createRoute({
  getParentRoute: () => pages,
  path: "/people/$user",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/profile/$user", params, replace: true });
  },
});
const listings = createRoute({
  getParentRoute: () => pages,
  path: "/listings",
  validateSearch: listingsOf,
  component: lazyRouteComponent(goods, "Listings"),
});
const newListing = createRoute({
  getParentRoute: () => pages,
  path: "/listings/new",
  component: lazyRouteComponent(goods, "NewListing"),
});
const savedSearches = createRoute({
  getParentRoute: () => pages,
  path: "/listings/saved",
  component: lazyRouteComponent(goods, "Saved"),
});
const listing = createRoute({
  getParentRoute: () => pages,
  path: "/listings/$listing",
  component: lazyRouteComponent(goods, "Listing"),
});
const editListing = createRoute({
  getParentRoute: () => pages,
  path: "/listings/$listing/edit",
  component: lazyRouteComponent(goods, "Edit"),
});
const settingsLayout = createRoute({
  getParentRoute: () => pages,
  path: "/settings",
  component: lazyRouteComponent(settings, "SettingsLayout"),
});
const settingsHome = createRoute({
  getParentRoute: () => settingsLayout,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/settings/privacy", replace: true });
  },
});
const editor = createRoute({
  getParentRoute: () => settingsLayout,
  path: "/profile",
  component: lazyRouteComponent(() => import("@/app/places/Editor")),
});
const privacy = createRoute({
  getParentRoute: () => settingsLayout,
  path: "/privacy",
  component: lazyRouteComponent(settings, "PrivacyPage"),
});
const data = createRoute({
  getParentRoute: () => settingsLayout,
  path: "/data",
  component: lazyRouteComponent(() => import("@/features/privacy/pages"), "DataPage"),
});
const appearance = createRoute({
  getParentRoute: () => settingsLayout,
  path: "/appearance",
  component: lazyRouteComponent(settings, "AppearancePage"),
});
const quickReplies = createRoute({
  getParentRoute: () => settingsLayout,
  path: "/quick-replies",
  component: lazyRouteComponent(settings, "QuickRepliesPage"),
});
const following = createRoute({
  getParentRoute: () => settingsLayout,
  path: "/following",
  component: lazyRouteComponent(people, "FollowingPage"),
});

const tree = root.addChildren([
  welcome,
  signIn,
  signUp,
  forgot,
  styleguide,
  proof,
  inside.addChildren([
    lounge.addChildren([forums, forum]),
    messages.addChildren([inbox, conversation]),
    pages.addChildren([
      circle,
      connections.addChildren([friends, incoming, outgoing, blocked]),
      profile,
      finding,
      search,
      person,
      listings,
      newListing,
      savedSearches,
      listing,
      editListing,
      settingsLayout.addChildren([settingsHome, editor, privacy, data, quickReplies, appearance, following]),
    ]),
  ]),
]);

/** The router over this cache. */
export const makeRouter = (client: QueryClient) =>
  createRouter({
    routeTree: tree,
    context: { client },
    defaultPreload: "intent",
    defaultPendingComponent: () => <SkeletonRows label={strings.page} />,
    defaultErrorComponent: Broken,
    // A conversation knows itself where one was; to look for it would lay out the page once more.
    scrollRestoration: ({ location }) => !/^\/(lounge|messages)\/./.test(location.pathname),
    scrollToTopSelectors: ["#content"],
  });
