import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, test } from "vitest";
import { mulberry32, type Random } from "../../lib/sample/random.ts";
import { forecastOf, ISSUES, nameOf, simulatedSources } from "../support/fetch-days.ts";
import type { FetchOrder } from "../support/fetch-process.ts";
import { fetchServers } from "../support/fetch-servers.ts";
import { filesIn, temporaryFolder } from "../support/folder.ts";
import { fixture } from "../support/golden.ts";
import { bucket, objects } from "../support/s3-server.ts";
import { seeds } from "./seeds.ts";
import { tally, tallyFault } from "./tally.ts";

const SUITE = "fetching, killed and begun again";
const PROCESS = fileURLToPath(new URL("../support/fetch-process.ts", import.meta.url));
/** As many as the sources look back for. */
const DAYS = ISSUES.slice(0, 11);
const NOW = Date.parse(`${DAYS.at(-1)}T12:00:00Z`);
const FILES: Readonly<Record<string, Uint8Array>> = Object.fromEntries([
  ...DAYS.map((issued, i) => [`forecasts/${nameOf(issued)}`, forecastOf(issued, i)] as const),
  ["observations/precip.mon.mean.nc", new Uint8Array(readFileSync(fixture("run/precip.mon.mean.nc")))],
]);
/** A request for each file, and one to see that it is the same. */
const REQUESTS = 2 * Object.keys(FILES).length;

const servers = fetchServers();
beforeEach(() => {
  for (const [key, body] of Object.entries(FILES)) {
    const path = key.startsWith("forecasts/")
      ? `/monthly/${key.slice("forecasts/".length)}`
      : "/precl/precip.mon.mean.1x1.nc";
    servers.publisher.files.set(path, { body, lastModified: new Date(NOW) });
  }
});

/** A round in a process of its own. @param arm - is given what kills it @returns its exit code, null where it was killed */
function round(
  order: Pick<FetchOrder, "kind" | "to">,
  arm: (kill: () => void) => void = () => undefined,
): Promise<number | null> {
  const told: FetchOrder = { sources: simulatedSources(servers.publisher), now: NOW, ...order };
  const env = { ...process.env, TMPDIR: temporaryFolder() };
  const child = spawn(process.execPath, [PROCESS, JSON.stringify(told)], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  arm(() => child.kill("SIGKILL"));
  return new Promise((resolve) => child.on("close", resolve));
}

/** Kills at a request to the publisher: before its answer, or amid it. */
function atRequest(random: Random, kill: () => void): void {
  const [at, amid] = [Math.floor(random() * REQUESTS), random() < 0.5];
  tallyFault(SUITE, amid ? "killed amid an answer" : "killed at a request");
  let count = 0;
  servers.publisher.fault = () => {
    if (count++ !== at) return undefined;
    if (!amid) kill();
    else setImmediate(kill);
    return amid ? "stall" : "reset";
  };
}

/** Kills at a request to S3, of which the server may do what it asks. */
function atWrite(random: Random, kill: () => void): void {
  const at = Math.floor(random() * (Object.keys(FILES).length + 4));
  tallyFault(SUITE, "killed at a request to S3");
  let count = 0;
  servers.s3.intercept = () => {
    if (count++ === at) kill();
    return undefined;
  };
}

function contents(kind: FetchOrder["kind"], to: string): Record<string, Uint8Array> {
  if (kind === "bucket") return Object.fromEntries(objects(servers.s3, to));
  const names = filesIn(to).filter((name) => !name.startsWith(".growing/"));
  return Object.fromEntries(names.map((name) => [name, new Uint8Array(readFileSync(join(to, name)))]));
}

/** Objects that are not what the publisher has. */
function brokenIn(found: Record<string, Uint8Array>): string[] {
  return Object.entries(found).flatMap(([key, body]) =>
    key.endsWith(".json") || (FILES[key] !== undefined && Buffer.compare(body, FILES[key]) === 0) ? [] : [key],
  );
}

describe.each(["folder", "bucket"] as const)("into a %s", (kind) => {
  test.each(seeds(2, 60))(
    "seed %i: killed at any moment, nothing is half there, and the next round does the rest",
    async (seed) => {
      const random = mulberry32(seed);
      const to = kind === "folder" ? temporaryFolder() : bucket(servers.s3, `killed-${seed}`);
      const ways = kind === "folder" ? [atRequest] : [atRequest, atWrite];
      const way = ways[Math.floor(random() * ways.length)]!;
      const code = await round({ kind, to }, (kill) => way(random, kill));
      servers.publisher.fault = undefined;
      servers.s3.intercept = undefined;
      expect(code).toBeNull();
      expect(brokenIn(contents(kind, to))).toEqual([]);
      expect(await round({ kind, to })).toBe(0);
      const found = contents(kind, to);
      expect(brokenIn(found)).toEqual([]);
      expect(Object.keys(found).toSorted()).toEqual(
        ["observations/.fetched/precl.json", ...Object.keys(FILES)].toSorted(),
      );
      tally(SUITE, "whole after the next round");
    },
  );
});
