// SPDX-License-Identifier: AGPL-3.0-or-later
// A refusal of the API, or the lack of any answer.

import { strings } from "@/lib/strings";
import { refusalIn } from "@/lib/tongue";

export interface FieldProblem {
  field: string;
  problem: string;
}

export class ApiError extends Error {
  constructor(
    /** Stable word of the API; `offline` when there was no answer at all. */
    readonly code: string,
    /** HTTP status; 0 without an answer. */
    readonly status: number,
    /** What the server said, in English. */
    readonly said: string,
    /** When asking again can succeed. */
    readonly retryAfterMs: number | null = null,
    readonly fields: readonly FieldProblem[] = [],
    /** Further details of the refusal. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(said);
    this.name = "ApiError";
  }

  static offline(): ApiError {
    return new ApiError("offline", 0, strings.offline);
  }

  /** What the person reads, in the language that is spoken. */
  get sentence(): string {
    return refusalIn(this.code, this.said);
  }

  /** Refusals are part of normal life; only the server's own faults are worth a line. */
  get expected(): boolean {
    return this.status < 500;
  }

  get temporary(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

/** The error, if it is a refusal with this code. */
export const isRefusal = (error: unknown, code: string): boolean =>
  error instanceof ApiError && error.code === code;
