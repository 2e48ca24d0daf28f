// SPDX-License-Identifier: AGPL-3.0-or-later
// German.
import { de as app } from "@/app/strings.de";
import { turnOf } from "@/app/tongues/catalogue";
import { de as connections } from "@/features/connections/strings.de";
import { de as conversation } from "@/features/conversation/strings.de";
import { de as listings } from "@/features/listings/strings.de";
import { de as lounge } from "@/features/lounge/strings.de";
import { de as messages } from "@/features/messages/strings.de";
import { de as people } from "@/features/people/strings.de";
import { de as privacy } from "@/features/privacy/strings.de";
import { de as profile } from "@/features/profile/strings.de";
import { de as search } from "@/features/search/strings.de";
import { de as session } from "@/features/session/strings.de";
import { de as settings } from "@/features/settings/strings.de";
import { de as showcase } from "@/features/showcase/strings.de";
import { errors } from "@/lib/errors.de";
import { de as lib } from "@/lib/strings.de";
import { de as ui } from "@/ui/strings.de";

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
