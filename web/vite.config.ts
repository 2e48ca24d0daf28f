// SPDX-License-Identifier: AGPL-3.0-or-later
// How the app is built: into the Python package, with every text file compressed beforehand.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const OUT = fileURLToPath(new URL("../appservice/web/dist", import.meta.url));
const TEXT = /\.(js|css|html|svg|json|webmanifest)$/;

// The server only ever picks a file; compressing hard once is cheaper than lightly each time.
function compressed(): Plugin {
  return {
    name: "kith-compressed",
    apply: "build",
    closeBundle() {
      for (const entry of readdirSync(OUT, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !TEXT.test(entry.name)) continue;
        const path = join(entry.parentPath, entry.name);
        const content = readFileSync(path);
        writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
        writeFileSync(`${path}.br`, brotliCompressSync(content, { params }));
      }
    },
  };
}

/** What has to be there for the app to open without a connection: the page, a room, the windows. */
const SHELL = [
  "index.html",
  "src/app/places/pages.ts",
  "src/app/places/Forums.tsx",
  "src/app/places/about.ts",
  "src/app/places/details.ts",
  "src/app/windows.ts",
];

/** Runs before the app does; by its content, as all files that are cached for ever. */
const AHEAD = readFileSync(new URL("worker/ahead.js", import.meta.url), "utf8");
const AHEAD_FILE = `assets/ahead-${createHash("sha256").update(AHEAD).digest("hex").slice(0, 8)}.js`;

// A script of its own and first of all: within the app it would wait for all of the app's files.
function ahead(): Plugin {
  return {
    name: "kith-ahead",
    apply: "build",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: AHEAD_FILE, source: AHEAD });
    },
    transformIndexHtml: () => [
      { tag: "script", attrs: { async: true, fetchpriority: "high", src: `/${AHEAD_FILE}` }, injectTo: "head-prepend" },
    ],
  };
}

interface Part {
  file: string;
  imports?: string[];
  css?: string[];
  assets?: string[];
}

// The service worker, with the names of the files it keeps. A new build is a new worker.
function worker(): Plugin {
  return {
    name: "kith-worker",
    apply: "build",
    closeBundle() {
      const parts = JSON.parse(readFileSync(join(OUT, ".manifest.json"), "utf8")) as Record<string, Part>;
      const files = new Set<string>();
      const take = (name: string): void => {
        const part = parts[name];
        if (!part) throw new Error(`the build has no part ${name}`);
        if (files.has(part.file)) return;
        for (const file of [part.file, ...(part.css ?? []), ...(part.assets ?? [])]) files.add(file);
        part.imports?.forEach(take);
      };
      SHELL.forEach(take);
      files.add(AHEAD_FILE);
      const source = readFileSync(new URL("worker/sw.js", import.meta.url), "utf8");
      const list = [...files].map((file) => `/${file}`);
      const version = createHash("sha256").update(readFileSync(join(OUT, "index.html"))).update(source).update(list.join());
      const text = source
        .replace("__VERSION__", version.digest("hex").slice(0, 12))
        .replace('["__FILES__"]', JSON.stringify(list));
      writeFileSync(join(OUT, "sw.js"), text);
    },
  };
}

/** A language follows. */
const EMOJI = "virtual:emoji/";
/** The newest emoji that common systems can draw. */
const NEWEST = 15;
const COMPONENTS = 2;

interface Sign {
  emoji: string;
  label: string;
  group?: number;
  version: number;
  tags?: string[];
  order?: number;
}

const table = (name: string): unknown =>
  JSON.parse(
    readFileSync(new URL(`node_modules/emojibase-data/${name}.json`, import.meta.url), "utf8"),
  );

// The names of all emoji, out of the full tables what the picker needs.
function emoji(): Plugin {
  return {
    name: "kith-emoji",
    resolveId: (id) => (id.startsWith(EMOJI) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${EMOJI}`)) return undefined;
      const tongue = id.slice(EMOJI.length + 1);
      const rows = (table(`${tongue}/data`) as Sign[])
        .filter(({ group, version }) => group !== undefined && group !== COMPONENTS && version <= NEWEST)
        .toSorted((one, other) => (one.order ?? 0) - (other.order ?? 0))
        .map(({ emoji: sign, label, group, tags = [] }) => [sign, group, label, tags.join(" ")]);
      const { groups } = table(`${tongue}/messages`) as { groups: { order: number; message: string }[] };
      const named = groups.filter(({ order }) => order !== COMPONENTS);
      const data = { rows, groups: named.map(({ order, message }) => [order, message]) };
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(data))});`;
    },
  };
}

/** Modules that all of the app stands on. */
const BASE =
  /[\\/](node_modules[\\/](react|react-dom|scheduler|zustand|use-sync-external-store|@tanstack[\\/](react-router|router-core|history|react-store|store|react-query|query-core))[\\/]|src[\\/](lib[\\/]|(app|ui)[\\/]strings\.ts$))/;
const backend = process.env.KITH_URL ?? "http://localhost:8080";

export default defineConfig({
  plugins: [react(), tailwindcss(), emoji(), ahead(), worker(), compressed()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    // What loads what; `./kith bench web` and a test weigh it. Hidden files are not served.
    manifest: ".manifest.json",
    rolldownOptions: {
      output: {
        // Icons that several pages use: together, for alone each is mostly its wrapping.
        codeSplitting: {
          groups: [
            { name: "icons", test: /[\\/]lucide-react[\\/]/, minShareCount: 2 },
            // What every page waits for anyway, in one file: each of them would be a request.
            { name: "base", test: BASE, minShareCount: 4 },
          ],
        },
      },
    },
  },
  server: { proxy: { "/api": backend, "/about": backend } },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    environmentOptions: { happyDOM: { url: "http://kith.test/" } },
  },
});
