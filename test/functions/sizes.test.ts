import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";
import { forecast, observations, table } from "../support/bad-input.ts";
import { counting } from "../support/classic.ts";
import { node, PROGRAM } from "../support/command.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture } from "../support/golden.ts";
import { HEADER, number, rows, STATION, text, workbook } from "../support/sheet-xml.ts";
import { oleFile } from "../support/workbooks.ts";

/** MiB of the whole command, where a case has no other: a run of a small archive takes a third of it. */
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
  const { code, stderr, stdout } = await node(["--import", telling, PROGRAM, "run", ...options, ...more]).finally(() =>
    vi.unstubAllEnvs(),
  );
  return { code, stdout, said: stderr.replaceAll(`${folder}/`, ""), peakMiB: Number(readFileSync(peak, "utf8")) };
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

/** An OLE2 file of 20 MB: the table of its sectors is one sector, 40 000 times, of which two follow each other. */
function ring(): Buffer {
  const [end, sectors, first, lists, size] = [0xfffffffe, 2, 3, 314, 512];
  const bytes = Buffer.alloc(size * 40_001);
  oleFile({}).copy(bytes, 0, 0, 68);
  bytes.writeUInt32LE(0, 48);
  bytes.writeUInt32LE(first, 68);
  for (let at = 76; at < size; at += 4) bytes.writeUInt32LE(sectors, at);
  for (let list = first; list < first + lists; list++) {
    const at = size * (list + 1);
    for (let i = 0; i < 127; i++) bytes.writeUInt32LE(sectors, at + 4 * i);
    bytes.writeUInt32LE(list + 1 < first + lists ? list + 1 : end, at + 508);
  }
  bytes.writeUInt32LE(1, size * (sectors + 1));
  return bytes;
}

/** An old workbook of 40 MB of empty texts. */
function emptyTexts(): Buffer {
  const record = (type: number, data: Uint8Array) => {
    const head = Buffer.alloc(4);
    head.writeUInt16LE(type);
    head.writeUInt16LE(data.length, 2);
    return Buffer.concat([head, data]);
  };
  const texts = Buffer.alloc(65_008);
  texts.fill(0xff, 4, 8);
  const more = Array.from({ length: 600 }, () => record(0x3c, Buffer.alloc(65_001)));
  const start = record(0x809, Buffer.from([0, 6, 5, ...Array<number>(13).fill(0)]));
  return oleFile({ Workbook: Buffer.concat([start, record(0xfc, texts), ...more, record(10, Buffer.alloc(0))]) });
}

/** Comments on cells that there are not, each in a row of its own. */
const comments = (count: number): string =>
  counting(3, count)
    .map((row) => `<comment ref="IV${row}" authorId="0"><text><t>a</t></text></comment>`)
    .join("");

const link = (range: string) => `<hyperlinks><hyperlink ref="${range}" location="a"/></hyperlinks>`;

const sized = (name: string) => readFileSync(fixture(`sizes/${name}.nc`));

// The peak is read from /proc, which Linux alone has; so has Lambda.
describe.runIf(process.platform === "linux")("a file of a few bytes takes no memory for what it declares", () => {
  const WIDE = /has rows for 1001\d{5} cells/;
  const [LONG, NOT_KEPT] = [/declares 100000000 values/, /takes more than 268435456 bytes of memory/];
  type Case = [Role, string, () => Uint8Array, RegExp, most?: number];
  test.each<Case>([
    ...(["observations", "forecast"] as const).flatMap((role): Case[] => [
      [role, "lists of a classic header", longLists, /it declares 33554431 variables/],
      [role, "latitudes", () => sized("lat"), LONG],
      [role, "longitudes", () => sized("lon"), LONG],
      [role, "times", () => sized("time"), LONG],
      [
        role,
        "chunks that the HDF5 library is to read",
        () => sized("chunk-of-the-library"),
        /chunks of 134217728/,
        250,
      ],
      [role, "one text of an attribute, many times", () => sized("one-text"), /damaged/],
      [role, "more of that than fits", () => sized("one-text-for-memory"), NOT_KEPT],
    ]),
    ["forecast", "a field", () => sized("field"), /declares 103694400 values/],
    ["stations", "cells far to the right", () => workbook(rows(1e5, (row) => number(`ALM${row}`, 1))), WIDE],
    ["stations", "and called otherwise", () => workbook(rows(1e5, () => number("ALM", 1))), WIDE],
    ["stations", "and all called alike", () => workbook(rows(1e5, () => number("ALM1", 1))), WIDE],
    ["stations", "and named without quotes", () => workbook(rows(1e5, () => "<c r=ALM1><v>1</v></c>")), WIDE],
    ["stations", "and named behind a blank", () => workbook(rows(1e5, () => '<c R_ = "ALM1"><v>1</v></c>')), WIDE],
    [
      "stations",
      "a link of many cells",
      () => workbook(HEADER + STATION, "", link("A1:IV100000")),
      /for 409\d{6} cells/,
    ],
    ["stations", "comments", () => workbook(HEADER + STATION, "", "", comments(2e5)), /rows for 51\d{6} cells/],
    ["stations", "many cells", () => workbook(rows(1e5, (row) => number(`D${row}`, 1).repeat(6))), /26000\d\d tags/],
    ["stations", "many texts", () => workbook(HEADER + STATION, "<si><t>a</t></si>".repeat(6e5)), /2400\d\d\d tags/],
    ["stations", "sectors in a ring", ring, /a chain of sectors that does not end/],
    ["stations", "many empty texts", emptyTexts, /declares 4294967295 texts/],
    ["stations", "a large part", () => workbook(HEADER + STATION + " ".repeat(2 ** 26)), /inflates to 64 MB/],
  ])("%s: %s", async (role, _, content, problem, most = MOST_MIB) => {
    const { code, said, peakMiB } = await runWith(
      role,
      role === "stations" ? "stations.xlsx" : "CFSv2.Prec.20020110.200203.nc",
      content(),
    );
    expect({ code, said }).toEqual({ code: 1, said: expect.stringMatching(problem) });
    expect(peakMiB).toBeLessThan(most);
  });

  test("and the workbook that these are made from is read", async () => {
    const { said } = await runWith("stations", "stations.xlsx", workbook(HEADER + STATION));
    expect(said).not.toContain("error");
  });

  // A text of 4 MB in each of 5000 cells took minutes, and one of a megabyte that thousands of stations are called.
  const LONG_TEXTS = `<si><t>${"a".repeat(2 ** 22)}</t></si><si><t>${"a ".repeat(2 ** 19)}</t></si><si><t>name</t></si>`;
  const titled = HEADER.replace("</row>", `${text("D1", 5)}</row>`);
  const called = counting(3, 5000).map(
    (row) =>
      `<row r="${row}">${number(`A${row}`, row)}${number(`B${row}`, 30)}${number(`C${row}`, 110)}${text(`D${row}`, 4)}</row>`,
  );
  test.each<[string, () => Buffer, RegExp]>([
    [
      "titles",
      () => workbook(`<row r="1">${text("A1", 3).repeat(256)}</row>`.repeat(20), LONG_TEXTS),
      /names all of id/,
    ],
    ["names", () => workbook(titled + called.join(""), LONG_TEXTS), /5000 of 5000 written/],
  ])("long texts are cut: %s", async (_, content, said) => {
    const run = await runWith("stations", "stations.xlsx", content());
    expect(run.said + run.stdout).toMatch(said);
    expect(run.peakMiB).toBeLessThan(MOST_MIB);
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
