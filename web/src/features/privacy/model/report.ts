// SPDX-License-Identifier: AGPL-3.0-or-later
// The proof of a deletion as it is drawn. What a newer server says besides is left to the file.

export interface Report {
  /** What there was something of, in each table. */
  tables: readonly { holds: string; did: string; rows: number; because: string }[];
  places: readonly { place: string; holds: string; did: string }[];
  operator: readonly string[];
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const list = (value: unknown): readonly Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter((one): one is Record<string, unknown> => typeof one === "object" && one !== null) : [];

/** The parts that are drawn, of whatever came. */
export function reportOf(report: Readonly<Record<string, unknown>>): Report {
  const { tables, places, forTheOperator } = report;
  return {
    tables: list(tables)
      .map(({ holds, done, rows, because }) => ({ holds: text(holds), did: text(done), rows: typeof rows === "number" ? rows : 0, because: text(because) }))
      .filter(({ rows }) => rows > 0),
    places: list(places).map(({ place, holds, done }) => ({ place: text(place), holds: text(holds), did: text(done) })),
    operator: Array.isArray(forTheOperator) ? forTheOperator.filter((one) => typeof one === "string") : [],
  };
}
