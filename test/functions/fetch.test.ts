import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { s2s } from "../support/command.ts";
import { fetchServers } from "../support/fetch-servers.ts";
import { filesIn, temporaryFolder } from "../support/folder.ts";
import { fixture } from "../support/golden.ts";
import { bucket, objects } from "../support/s3-server.ts";
import { sourcesAt } from "../support/sources.ts";

const FORECAST = readFileSync(fixture("run/CFSv2.Prec.19970520.199707.nc"));
const DAY_MS = 86_400_000;

const servers = fetchServers();

/** A sources.json with one daily source, without target months. */
function sourcesFile(): string {
  const { forecast } = sourcesAt(servers.publisher.origin);
  const { leads: _, ...rest } = forecast;
  const source = { ...rest, name: "rain", address: `${servers.publisher.origin}/rain.{YYYYMMDD}.nc` };
  const path = join(temporaryFolder(), "sources.json");
  writeFileSync(path, JSON.stringify({ sources: [source] }));
  return path;
}

/** The name of the file of some days ago. */
function nameOf(daysAgo: number): string {
  const day = new Date(Date.now() - daysAgo * DAY_MS).toISOString().slice(0, "YYYY-MM-DD".length);
  return `rain.${day.replaceAll("-", "")}.nc`;
}

test("fetches into a folder what is missing there, and says of each file what came of it", async () => {
  const out = temporaryFolder();
  const sources = sourcesFile();
  servers.publisher.files.set(`/${nameOf(1)}`, { body: FORECAST });
  const { code, stdout } = await s2s("fetch", "--sources", sources, "--to", out, "--look-back", "1");
  expect(stdout).toContain(`landed    forecasts/${nameOf(1)} (${Math.ceil(FORECAST.length / 1000)} kB)\n`);
  expect(stdout).toMatch(/^missing {3}forecasts\/rain\.\d{8}\.nc: the publisher has none$/m);
  expect(code).toBe(0);
  expect(filesIn(out)).toEqual([`forecasts/${nameOf(1)}`]);
  expect(readFileSync(join(out, "forecasts", nameOf(1)))).toEqual(FORECAST);
  servers.publisher.files.set(`/${nameOf(0)}`, { body: FORECAST });
  expect((await s2s("fetch", "rain", "--sources", sources, "--to", out, "--look-back", "1")).stdout).toContain(
    "landed",
  );
  const again = await s2s("fetch", "rain", "--sources", sources, "--to", out, "--look-back", "1");
  expect(again).toMatchObject({ code: 0, stdout: "unchanged rain: all is there\n" });
});

test("and into a prefix of a bucket", async () => {
  const name = bucket(servers.s3, "fetched");
  servers.publisher.files.set(`/${nameOf(1)}`, { body: FORECAST });
  const { code } = await s2s("fetch", "--sources", sourcesFile(), "--to", `s3://${name}/trial`, "--look-back", "1");
  expect(code).toBe(0);
  expect([...objects(servers.s3, name).keys()]).toEqual([`trial/forecasts/${nameOf(1)}`]);
});

test("ends with 1 where a file failed, and with 3 where a source is late", async () => {
  const sources = sourcesFile();
  const fetch = () => s2s("fetch", "--sources", sources, "--to", temporaryFolder(), "--look-back", "1");
  const late = await fetch();
  expect(late.code).toBe(3);
  expect(late.stdout).toMatch(/^late {6}rain: no forecast of \d{4}-\d\d-\d\d or later is there$/m);
  servers.publisher.files.set(`/${nameOf(1)}`, { body: FORECAST });
  servers.publisher.fault = () => "html";
  const failed = await fetch();
  expect(failed.code).toBe(1);
  expect(failed.stdout).toMatch(/^failed {4}http:\/\/127\.0\.0\.1:\d+\/rain\.\d{8}\.nc: starts with "<!DOCTYP"/m);
});

test("a dry run tells what it would ask for, and a list what there is", async () => {
  const out = temporaryFolder();
  const { code, stdout } = await s2s("fetch", "nmme-prate", "--to", out, "--dry-run");
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^due {7}forecasts\/NMME\.prate\.(\d{6})\.ENSMEAN\.anom\.nc from https:\/\/.*\/ENSMEAN\/\1{1}0800\//m,
  );
  expect(filesIn(out)).toEqual([]);
  const list = await s2s("fetch", "--list");
  expect(list.stdout).toMatch(/^cfsv2-weekly-prec +verified 2026-09-28 +https:\/\/www\.cpc\.ncep\.noaa\.gov\//m);
  expect(list.stdout).toMatch(/^cfsv2-prec +not verified /m);
});

test.each([
  ["no source", ["--to", "x"], "no source is named. Valid choices: cfsv2-prec, "],
  ["an unknown one", ["rain", "--to", "x"], 'there is no source "rain". Valid choices: cfsv2-prec, '],
  ["no place", ["precl"], "missing: --to <folder>. s2s fetch --list tells which sources there are"],
  ["no number of days", ["precl", "--to", "x", "--look-back", "401"], "Give at most 400 days."],
])("%s is a wrong command line", async (_, args, message) => {
  const { code, stderr } = await s2s("fetch", ...args);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
