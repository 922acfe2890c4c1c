import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";
import { forecast, observations, table } from "../support/bad-input.ts";
import { node, PROGRAM } from "../support/command.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture } from "../support/golden.ts";

/** MiB of the whole command: a run of a small archive takes a third of it. */
const MOST_MIB = 500;

const PRODUCTS = {
  products: [
    {
      name: "prec",
      observations: { key: "o.nc", variable: "precip", firstMonth: "2000-01", baseline: [2000, 2001] },
      forecast: { pattern: "*.nc", variable: "anom", baseline: [2000, 2001] },
      series: { column: "prec_ano", suffix: "prec" },
    },
  ],
};

type Role = "observations" | "forecast" | "stations";

/** Runs the command with a file in a role, the others being as they should be. */
async function runWith(role: Role, name: string, content: Uint8Array) {
  const folder = temporaryFolder();
  const put = (called: string, bytes: Uint8Array | string) => {
    writeFileSync(join(folder, called), bytes);
    return join(folder, called);
  };
  const paths = {
    observations: put("precip.nc", observations()),
    forecast: put("CFSv2.Prec.20020110.200202.nc", forecast()),
    stations: put("stations.csv", table("50001,a,30,110", "50002,b,40,120")),
    products: put("products.json", JSON.stringify(PRODUCTS)),
    [role]: put(name, content),
  };
  const options = Object.entries(paths).flatMap(([option, path]) => [`--${option}`, path]);
  const peak = join(folder, "peak");
  vi.stubEnv("PEAK_FILE", peak);
  const telling = fileURLToPath(new URL("../support/tell-peak.ts", import.meta.url));
  const now = ["--now", "2002-01-10T06:07:08"];
  const more = ["--product", "prec", "--out", join(folder, "out"), ...now];
  const { code, stderr } = await node(["--import", telling, PROGRAM, "run", ...options, ...more]).finally(() =>
    vi.unstubAllEnvs(),
  );
  return { code, said: stderr.replaceAll(`${folder}/`, ""), peakMiB: Number(readFileSync(peak, "utf8")) };
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeUInt32BE(value, 4 * i));
  return bytes;
}

/** A classic file of 76 bytes: a variable of which each list is said to be as long as an array of JavaScript may be. */
function longLists(): Buffer {
  const most = 2 ** 25 - 1;
  const attribute = [12, most, 1, 0x61000000, 6, most];
  const variable = [11, most, 1, 0x76000000, 0, ...attribute];
  return Buffer.concat([Buffer.from("CDF\u0001", "latin1"), words(0, 0, 0, 0, 0, ...variable, 0, 0)]);
}

const sized = (name: string) => readFileSync(fixture(`sizes/${name}.nc`));

// The peak is read from /proc, which Linux alone has; so has Lambda.
describe.runIf(process.platform === "linux")("a file of a few bytes takes no memory for what it declares", () => {
  const [LONG, NOT_KEPT] = [/declares 100000000 values/, /takes more than 268435456 bytes of memory/];
  test.each<[Role, string, () => Uint8Array, RegExp]>([
    ...(["observations", "forecast"] as const).flatMap((role): [Role, string, () => Uint8Array, RegExp][] => [
      [role, "lists of a classic header", longLists, /it declares 33554431 variables/],
      [role, "latitudes", () => sized("lat"), LONG],
      [role, "longitudes", () => sized("lon"), LONG],
      [role, "times", () => sized("time"), LONG],
      [role, "chunks that the HDF5 library is to read", () => sized("chunk-of-the-library"), /chunks of 536870912/],
      [role, "one text of an attribute, many times", () => sized("one-text"), /damaged/],
      [role, "more of that than fits", () => sized("one-text-for-memory"), NOT_KEPT],
    ]),
    ["forecast", "a field", () => sized("field"), /declares 103694400 values/],
  ])("%s: %s", async (role, _, content, problem) => {
    const { code, said, peakMiB } = await runWith(role, "CFSv2.Prec.20020110.200203.nc", content());
    expect({ code, said }).toEqual({ code: 1, said: expect.stringMatching(problem) });
    expect(peakMiB).toBeLessThan(MOST_MIB);
  });

  test("a chunk of 256 MiB that was never written is worked on", async () => {
    const file = sized("chunk-not-written");
    for (const role of ["observations", "forecast"] as const) {
      const { said, peakMiB } = await runWith(role, "CFSv2.Prec.20020110.200203.nc", file);
      expect(said).not.toContain("error");
      expect(peakMiB).toBeLessThan(250);
    }
  });
});
