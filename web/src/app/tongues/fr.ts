// SPDX-License-Identifier: AGPL-3.0-or-later
// French.
import { fr as app } from "@/app/strings.fr";
import { turnOf } from "@/app/tongues/catalogue";
import { fr as connections } from "@/features/connections/strings.fr";
import { fr as conversation } from "@/features/conversation/strings.fr";
import { fr as listings } from "@/features/listings/strings.fr";
import { fr as lounge } from "@/features/lounge/strings.fr";
import { fr as messages } from "@/features/messages/strings.fr";
import { fr as people } from "@/features/people/strings.fr";
import { fr as privacy } from "@/features/privacy/strings.fr";
import { fr as profile } from "@/features/profile/strings.fr";
import { fr as search } from "@/features/search/strings.fr";
import { fr as session } from "@/features/session/strings.fr";
import { fr as settings } from "@/features/settings/strings.fr";
import { fr as showcase } from "@/features/showcase/strings.fr";
import { errors } from "@/lib/errors.fr";
import { fr as lib } from "@/lib/strings.fr";
import { fr as ui } from "@/ui/strings.fr";

export const turn = turnOf({
  app,
  connections,
  conversation,
  listings,
  lounge,
  messages,
  people,
  privacy,
  profile,
  search,
  session,
  settings,
  showcase,
  lib,
  ui,
  errors,
});
