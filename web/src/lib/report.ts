// SPDX-License-Identifier: AGPL-3.0-or-later
// What is done with errors nobody expected: one line for the developer, one sentence for the person.
import { ApiError } from "@/lib/api-error";
import { strings } from "@/lib/strings";

export interface Metadata {
  [name: string]: string | number | boolean | undefined;
}

/** Note an error without telling the person. Never pass what a person wrote. */
export function logError(context: string, error: unknown, metadata: Metadata = {}): void {
  if (error instanceof ApiError && error.expected) return;
  console.error(`[kith] ${context}`, error, metadata);
}

/** Note an error, and the sentence the person should read. */
export function handleError(context: string, error: unknown, metadata: Metadata = {}): string {
  logError(context, error, metadata);
  return error instanceof ApiError ? error.sentence : strings.wrong;
}
