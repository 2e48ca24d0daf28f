// SPDX-License-Identifier: AGPL-3.0-or-later
// Made by the build (vite.config.ts): all emoji with their names in a language.
declare module "virtual:emoji/*" {
  const data: { rows: [sign: string, group: number, label: string, tags: string][]; groups: [number, string][] };
  export default data;
}
