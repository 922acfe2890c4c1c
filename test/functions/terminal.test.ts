import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { InputError } from "../../lib/errors.ts";
import { jsonText } from "../../lib/store/store.ts";
import { observations, table } from "../support/bad-input.ts";
import { inputs, manifestIn, s2s } from "../support/command.ts";
import { temporaryFolder } from "../support/folder.ts";

/** A window's title, a colour by one character, a text that runs backwards, and a line that looks like the program's. */
const ACTING = "x\u001b]0;y\u0007\u009b31m\u202ez\nerror: forged\r";
const SHOWN = "x\\u001b]0;y\\u0007\\u009b31m\\u202ez\\u000aerror: forged\\u000d";
const ONE_BY_ONE = /\\u001b\]0;y\\u0007\\u009b31m\\u202ez/;

/** What has acted upon a terminal: control characters, directions, and lines that begin as this program's do. */
function acting(text: string): string[] {
  return text.match(/(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028\u2029]|^error: forged/gmu) ?? [];
}

/** A file in a folder of its own, under a name that acts. */
function named(content: Uint8Array | string, extension: string): string {
  const path = join(temporaryFolder(), "plain");
  writeFileSync(path, content);
  const acts = join(temporaryFolder(), `${ACTING}.${extension}`);
  renameSync(path, acts);
  return acts;
}

const archive = () =>
  observations({ variable: ACTING, attributes: { units: ACTING, [ACTING]: ACTING }, order: ["time", "lat", "lon"] });

describe("what a file holds reaches a terminal as text alone", () => {
  test.each<[string, () => string[]]>([
    ["inspect", () => ["inspect", named(archive(), "nc")]],
    ["inspect --draft-product", () => ["inspect", "--draft-product", named(archive(), "nc")]],
    ["inspect of no NetCDF", () => ["inspect", named(ACTING, "nc")]],
    ["check", () => ["check", "--observations", named(archive(), "nc")]],
    ["check of stations", () => ["check", "--stations", named(table(`${ACTING},${ACTING},30,110`, "1,b,2,3"), "csv")]],
    ["check of a table without a header", () => ["check", "--stations", named(`"${ACTING}",b\n1,2\n`, "csv")]],
    ["run", () => ["run", ...inputs({ observations: named(archive(), "nc") }), "--out", temporaryFolder()]],
    [
      "run with a table",
      () => ["run", ...inputs({ stations: named(table(`"${ACTING}",a,b,c`), "csv") }), "--out", temporaryFolder()],
    ],
    // What is wrong on the command line is told over several lines.
    ["a command that there is not", () => [ACTING.replaceAll("\n", "")]],
    ["a choice that there is not", () => ["run", "--grid", ACTING.replaceAll("\n", "")]],
  ])("%s", async (_, args) => {
    const { stdout, stderr } = await s2s(...args());
    expect(acting(stdout + stderr)).toEqual([]);
    expect(stdout + stderr).toMatch(ONE_BY_ONE);
  });

  test("of a run: its summary, its manifest, and the table of runs", async () => {
    const out = temporaryFolder();
    const name = ACTING.replace(/\s/g, "");
    const stations = join(out, "stations.csv");
    writeFileSync(stations, table(`50001,${name},30,110`, `"${name}",b,30,110`, "50003,c,NaN°,110"));
    const args = ["run", ...inputs({ stations }), "--out", out, "--now", "1997-05-20T06:07:08"];
    for (const printed of [await s2s(...args), await s2s(...args, "--json", "--force"), await s2s("status", out)]) {
      expect(acting(printed.stdout + printed.stderr)).toEqual([]);
    }
    const { status, warnings } = manifestIn(out);
    expect(status).toBe("complete");
    expect(acting(jsonText(warnings))).toEqual([]);
    expect(warnings.map(({ message }) => message).join()).toMatch(ONE_BY_ONE);
  });
});

test("errors and JSON hold it as text, too, and JSON means the same", () => {
  const error = new InputError("BrokenFile", `"${ACTING}" is damaged`, {
    file: ACTING,
    choices: [ACTING],
    hint: ACTING,
  });
  expect(error.message).toBe(`${SHOWN}: "${SHOWN}" is damaged. Valid choices: ${SHOWN}. ${SHOWN}`);
  const text = jsonText({ [ACTING]: [ACTING] });
  expect(acting(text)).toEqual([]);
  expect(JSON.parse(text)).toEqual({ [ACTING]: [ACTING] });
});
