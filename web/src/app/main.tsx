// SPDX-License-Identifier: AGPL-3.0-or-later
// Where the app begins.
import "@/ui/kith.css";
import "@/ui/places.css";

import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { Fragment, StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { makeRouter } from "@/app/router";
import { LOADERS } from "@/app/tongues/loaders";
import { onStaleToken } from "@/lib/api";
import { wearLook } from "@/lib/look";
import { forgetPersonal } from "@/lib/personal";
import { makeClient } from "@/lib/query";
import { logError } from "@/lib/report";
import { endSession, noSession, onSessionEnd, renewToken } from "@/lib/session";
import { onTabs } from "@/lib/tabs";
import { settleAll } from "@/lib/toasts";
import { keepTongue, useTongue } from "@/lib/tongue";

wearLook();

const client = makeClient(() => noSession(client));
const router = makeRouter(client);

async function leave(): Promise<void> {
  // Away first: a page whose data is taken from under it would ask for it again, as nobody.
  await router.navigate({ to: "/sign-in", search: { next: location.pathname } });
  endSession(client);
}

onSessionEnd(client, () => void leave());
onStaleToken(() => renewToken(client));
onTabs((word) => {
  if (word === "signed-out") {
    forgetPersonal();
    noSession(client);
  }
  if (word === "signed-in") location.reload();
  if (word === "people-changed") void client.invalidateQueries({ queryKey: ["people"] });
});
// What waits for its Undo to pass is told to the server before the page is gone.
addEventListener("pagehide", settleAll);

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

// A room is the largest part: it is on its way while the server is asked who comes.
const inRoom = /^\/(lounge|messages)\/./.test(location.pathname);
if (inRoom && document.documentElement.hasAttribute("data-session")) {
  // Whoever needs it says what is wrong.
  import("@/app/places/pages").catch(() => undefined);
}

/** Everything is drawn anew in another language: what is fetched and written stays. */
function App() {
  const tongue = useTongue(({ spoken }) => spoken);
  return (
    <Fragment key={tongue}>
      <RouterProvider router={router} />
    </Fragment>
  );
}

async function begin(root: HTMLElement): Promise<void> {
  await keepTongue(LOADERS, (error) => logError("language", error));
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
}

const root = document.getElementById("root");
if (root) void begin(root);
