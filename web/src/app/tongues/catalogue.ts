// SPDX-License-Identifier: AGPL-3.0-or-later
// What a language has to have words for: a part that is missing in one does not compile.
import type { strings as app } from "@/app/strings";
import type { strings as connections } from "@/features/connections/strings";
import type { strings as conversation } from "@/features/conversation/strings";
import type { strings as listings } from "@/features/listings/strings";
import type { strings as lounge } from "@/features/lounge/strings";
import type { strings as messages } from "@/features/messages/strings";
import type { strings as people } from "@/features/people/strings";
import type { strings as privacy } from "@/features/privacy/strings";
import type { strings as profile } from "@/features/profile/strings";
import type { strings as search } from "@/features/search/strings";
import type { strings as session } from "@/features/session/strings";
import type { strings as settings } from "@/features/settings/strings";
import type { strings as showcase } from "@/features/showcase/strings";
import type { errors } from "@/lib/errors.de";
import type { strings as lib } from "@/lib/strings";
import type { strings as ui } from "@/ui/strings";

export interface Catalogue {
  app: typeof app;
  connections: typeof connections;
  conversation: typeof conversation;
  listings: typeof listings;
  lounge: typeof lounge;
  messages: typeof messages;
  people: typeof people;
  privacy: typeof privacy;
  profile: typeof profile;
  search: typeof search;
  session: typeof session;
  settings: typeof settings;
  showcase: typeof showcase;
  lib: typeof lib;
  ui: typeof ui;
  /** Refusals of the server by their codes; in English it says them itself. */
  errors: Readonly<Record<keyof typeof errors, string>>;
}

/** How a language is asked for a part's words. */
export const turnOf =
  (catalogue: Catalogue) =>
  (part: string, english: object): object =>
    part in catalogue ? catalogue[part as keyof Catalogue] : english;
