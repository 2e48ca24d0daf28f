// SPDX-License-Identifier: AGPL-3.0-or-later
// A message as history and frames bring it: one shape for both.
import type { Camel } from "@/lib/case";
import type { components } from "@/lib/schema";

type Schemas = components["schemas"];

export type Message = Camel<Schemas["MessageModel"]> & { row?: "message" };
export type SystemRow = Camel<Schemas["SystemRow"]>;
export type Item = Message | SystemRow;
export type Attachment = Camel<Schemas["AttachmentModel"]>;
export type Reaction = Camel<Schemas["ReactionModel"]>;
export type Kind = Message["kind"];

export const isSystem = (item: Item): item is SystemRow => item.row === "system";
