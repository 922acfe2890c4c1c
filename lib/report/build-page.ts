import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { geoBounds } from "d3-geo";
import { buildSync } from "esbuild";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import { type LandPolygon, wholeRings } from "./coast.ts";
import { packRing } from "./packed-ring.ts";

/**
 * Makes what the functions and the command embed: `build/report-template.js` and `runs-template.js`, the own sources of
 * the page of a run and of the index of all in one HTML file each, and `build/land-fine.js` and `land-coarse.js`, the land that its coast is cut from.
 */

const LAND_TYPE = 'readonly import("../lib/report/coast.ts").LandPolygon[]';

/** An index that `s2s serve` shows asks that for what is new, and any other nobody. */
const FOLLOWS = "connect-src 'self'";

const root = fileURLToPath(new URL("../../", import.meta.url));

mkdirSync(join(root, "build"), { recursive: true });
writeModule("report-template", "template", templateOf("lib/report/page", []), "string");
writeModule("runs-template", "template", templateOf("lib/report/page/runs", [FOLLOWS]), "string");
writeModule("land-fine", "polygons", land("land-50m"), LAND_TYPE);
writeModule("land-coarse", "polygons", land("land-110m"), LAND_TYPE);

/** The page of a folder, with all but what it shows: its `page.html` with the words of `main.ts` and `page.css`. */
function templateOf(folder: string, more: readonly string[]): string {
  const script = bundled(join(root, folder, "main.ts"));
  const style = bundled(join(root, folder, "page.css"));
  if (/<\/script|<!--/i.test(script)) throw new Error(`the script of ${folder} has a word that would end it in a page`);
  /** A page that somebody puts words into runs no script but its own, and asks nobody for anything. */
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "img-src data:",
    ...more,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const parts: Readonly<Record<string, string>> = { policy, style, script };
  const page = readFileSync(join(root, folder, "page.html"), "utf8");
  return page.replaceAll(/\{\{(policy|style|script)\}\}/g, (_, name: string) => parts[name]!);
}

/** A source with all that it imports. */
function bundled(source: string): string {
  const [output] = buildSync({
    entryPoints: [source],
    bundle: true,
    minify: true,
    format: "esm",
    // The first browsers that inflate what is packed, and group lists.
    target: ["chrome117", "firefox119", "safari17.4"],
    write: false,
    logLevel: "warning",
  }).outputFiles;
  // It ends with a line break, which the parser of a page would count in as it stands.
  return output!.text.trim();
}

/** A module with one value, and its type. */
function writeModule(name: string, exported: string, value: unknown, type: string): void {
  write(`${name}.js`, `export const ${exported} = ${JSON.stringify(value)};\n`);
  write(`${name}.d.ts`, `export const ${exported}: ${type};\n`);
}

/** Replaced at once: another process may be reading the one before. */
function write(name: string, text: string): void {
  const path = join(root, "build", name);
  writeFileSync(`${path}.${process.pid}`, text);
  renameSync(`${path}.${process.pid}`, path);
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

/** The polygons of land, degrees with two decimals. */
function land(name: string): LandPolygon[] {
  const path = createRequire(import.meta.url).resolve(`world-atlas/${name}.json`);
  const topology = JSON.parse(readFileSync(path, "utf8")) as Topology<{ land: GeometryCollection }>;
  const polygons: LandPolygon[] = [];
  for (const { geometry } of feature(topology, topology.objects.land).features) {
    if (geometry.type !== "MultiPolygon") throw new Error(`${name} holds a ${geometry.type}`);
    for (const coordinates of geometry.coordinates) {
      const [[west, south], [east, north]] = geoBounds({ type: "Polygon", coordinates });
      const bounds = [west, south, east, north].map(rounded) as [number, number, number, number];
      const rings = wholeRings(coordinates.map((points) => packRing(points.slice(0, -1).flat())));
      if (rings.length > 0) polygons.push({ bounds, rings });
    }
  }
  return polygons;
}

function rounded(degrees: number): number {
  return Number(degrees.toFixed(2));
}
