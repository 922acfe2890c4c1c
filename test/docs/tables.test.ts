import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { type Settings, settingsFrom } from "../../infra/settings.ts";
import { isInputError } from "../../lib/errors.ts";
import { BUILT_IN_SOURCES } from "../../lib/fetch/source.ts";
import { sourceSchema } from "../../lib/fetch/source-file.ts";
import { productSchema } from "../../lib/run/product-file.ts";
import { ROOT, tableBelow, textOf } from "./markdown.ts";

/** The names in a source text that a pattern's group finds: for what the code has as types, or does not export. */
function namesIn(path: string, each: RegExp): string[] {
  return Array.from(textOf(path).matchAll(each), ([, name = ""]) => name);
}

function sorted(names: Iterable<string>): string[] {
  return [...names].sort();
}

/** The settings that there are, as a wrong one is answered. */
function settingNames(): string[] {
  try {
    settingsFrom({ noSuchSetting: "1" });
  } catch (error) {
    if (isInputError(error)) return (error.details.choices ?? []).map(String);
    throw error;
  }
  throw new Error("a wrong setting was not refused");
}

async function optionsOf(command: string): Promise<string[]> {
  const program = join(ROOT, "functions/s2s.js");
  const { stdout } = await promisify(execFile)(process.execPath, [program, command, "--help"]);
  return Array.from(
    stdout.matchAll(/^ {2}(?: {4})?((?:-[^h], )?--[\w-]+(?: <[^>]+>)?)/gm),
    ([, option = ""]) => option,
  );
}

test("every setting of a deployment is explained, with its default", () => {
  const table = tableBelow("docs/deploy.md", "## Settings of a deployment");
  expect(sorted(table.keys())).toEqual(sorted(settingNames()));
  const defaults = settingsFrom({});
  const told = [...table].flatMap(([name, text]) => (text.startsWith("`") ? [[name, text.slice(1, -1)] as const] : []));
  for (const [name, text] of told) expect([name, String(defaults[name as keyof Settings])]).toEqual([name, text]);
  const untold = settingNames().filter((name) => !told.some(([known]) => known === name));
  expect(untold.filter((name) => defaults[name as keyof Settings] !== undefined)).toEqual([]);
});

test("every variable of the functions' environment is explained", () => {
  const own = namesIn("functions/settings.ts", /^ {2}([A-Z][A-Z0-9_]+):/gm);
  const fetcher = namesIn("functions/fetcher.ts", /"(FETCH_[A-Z_]+)"/g);
  const others = ["POWERTOOLS_METRICS_NAMESPACE", "NODE_OPTIONS"];
  const table = tableBelow("docs/deploy.md", "## Environment of the functions");
  expect(sorted(table.keys())).toEqual(sorted(new Set([...own, ...fetcher, ...others])));
});

test.each([
  ["run", "docs/cli.md", "## Make a run"],
  ["status", "docs/cli.md", "## Look at runs"],
  ["inspect", "docs/cli.md", "## Look at files"],
  ["sample", "docs/cli.md", "## Make inputs"],
  ["fetch", "docs/fetch.md", "## By hand"],
])("every option of s2s %s is explained", async (command, page, heading) => {
  expect(sorted(tableBelow(page, heading).keys())).toEqual(sorted(await optionsOf(command)));
});

test("every field of a product is explained", () => {
  const { name, grid, ...parts } = productSchema.shape;
  const fields = Object.entries(parts).flatMap(([part, { shape }]) =>
    Object.keys(shape).map((key) => `${part}.${key}`),
  );
  expect([name, grid]).not.toContain(undefined);
  expect(sorted(tableBelow("docs/inputs.md", "## Products").keys())).toEqual(sorted(["name", "grid", ...fields]));
});

test("every source that is built in, and every field of one, is explained", () => {
  const table = tableBelow("docs/fetch.md", "## Sources");
  const told = [...table].map(([name, seen]) => [name, seen.replace(/^on /, "")]);
  const sources = BUILT_IN_SOURCES.map(({ name, verified }) => [name, verified ?? "no"]);
  expect(told).toEqual(sources);
  const fields = new Set(sourceSchema.options.flatMap(({ shape }) => Object.keys(shape)));
  expect(sorted(tableBelow("docs/fetch.md", "## Sources of your own").keys())).toEqual(sorted(fields));
});

test("every kind of warning is explained", () => {
  const kinds = namesIn("lib/warning.ts", /^ {2}\| "(\w+)"/gm);
  expect(sorted(tableBelow("docs/outputs.md", "## Warnings").keys())).toEqual(sorted(kinds));
});

test("every metric is explained", () => {
  const metrics = namesIn("functions/coordinator/metrics.ts", /^ {2}\| "(\w+)"/gm);
  expect(sorted(tableBelow("docs/operate.md", "## Logs and metrics").keys())).toEqual(sorted(metrics));
  const [, union = ""] = textOf("functions/fetcher/metrics.ts").split("FetchMetric =");
  const fetched = Array.from(union.split(";")[0]!.matchAll(/"(\w+)"/g), ([, name]) => name);
  expect(fetched).toHaveLength(3);
  for (const name of fetched) expect(textOf("docs/operate.md")).toContain(`\`${name}\` `);
});

test("every alarm is explained", () => {
  const { Resources } = JSON.parse(textOf("test/infra/stack.expected.json")) as {
    Resources: Record<string, { Type: string }>;
  };
  const alarms = Object.entries(Resources).filter(([, { Type }]) => Type === "AWS::CloudWatch::Alarm");
  // A resource is called by its path, without hyphens, and a hash of eight digits.
  const ids = alarms.map(([id]) => id.replace(/^Alarms/, "").slice(0, -8));
  const told = [...tableBelow("docs/operate.md", "## Alarms").keys()].map((name) => name.replace("-<product>", "prec"));
  const fetching = namesIn("infra/alarms.ts", /#alarm\("((?:Forecast|Fetcher)\w+)"/g);
  expect(fetching).toHaveLength(2);
  expect(sorted(told)).toEqual(sorted([...ids, ...fetching]));
});
