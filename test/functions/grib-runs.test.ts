import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FORECAST, inputs, manifestIn, s2s, seriesIn } from "../support/command.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture, texts } from "../support/golden.ts";
import { fieldsOf, gribMessage } from "../support/grib.ts";

/** The archive of the golden run as messages: months from February 1989 on. */
async function archive(): Promise<string> {
  const path = fixture("run/precip.mon.mean.nc");
  const { lat, lon, fields } = await fieldsOf(path, { variable: "precip", lat: "lat", lon: "lon" });
  const messages = fields.map((values, i) => gribMessage({ lat, lon, values, initial: utc(1989, 2 + i) }));
  return written("precip.grib2", messages);
}

/** Its forecast, of July, as the mean of that month. */
async function forecast(): Promise<string> {
  const { lat, lon, fields } = await fieldsOf(fixture(`run/${FORECAST}`), { variable: "anom", lat: "LAT", lon: "LON" });
  const meanOf = [utc(1997, 7), utc(1997, 8)] as const;
  const messages = fields.map((values) => gribMessage({ lat, lon, values, initial: utc(1997, 5, 20), meanOf }));
  return written("CFSv2.Prec.19970520.199707.grib2", messages);
}

const utc = (year: number, month: number, day = 1) => new Date(Date.UTC(year, month - 1, day));

function written(name: string, messages: readonly Buffer[]): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, Buffer.concat(messages));
  return path;
}

/** The products of the golden run, with what differs in GRIB. */
function products(part: "observations" | "forecast"): string {
  const text = readFileSync(fixture("run/products.json"), "utf8");
  const { products: all } = JSON.parse(text) as { products: Record<string, Record<string, unknown>>[] };
  const [product] = all as [(typeof all)[number]];
  // Rates are kilograms in a second by its name; those of the golden run are millimetres in a day.
  const own = { ...product[part], variable: "tprate", units: "mm/day" };
  const path = join(temporaryFolder(), "products.json");
  writeFileSync(path, JSON.stringify({ products: [{ ...product, [part]: own }] }));
  return path;
}

async function seriesOf(part: "observations" | "forecast", path: string) {
  const out = temporaryFolder();
  const args = inputs({ [part]: path });
  args[args.indexOf("--products") + 1] = products(part);
  const { code, stderr } = await s2s("run", ...args, "--out", out, "--now", "1997-05-20T06:07:08");
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return { series: seriesIn(out), manifest: manifestIn(out) };
}

test("an archive in GRIB gives the bytes of the same archive in NetCDF", async () => {
  const { series, manifest } = await seriesOf("observations", await archive());
  expect(series).toEqual(texts(fixture("run/expected")));
  expect(manifest.grid).toMatchObject({ months: 87, firstMonth: "1990-03", lastMonth: "1997-05" });
});

test("a forecast in GRIB gives the bytes of the same forecast in NetCDF, dated with the month that it is the mean of", async () => {
  const { series } = await seriesOf("forecast", await forecast());
  expect(series).toEqual(texts(fixture("run/expected")));
});
