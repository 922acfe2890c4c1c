import { describe, expect, test } from "vitest";
import { BUILT_IN_SOURCES, type Source } from "../../lib/fetch/source.ts";
import { parseSources } from "../../lib/fetch/source-file.ts";

const RAIN = {
  name: "rain",
  kind: "forecast",
  issued: "daily",
  address: "https://example.org/rain.{YYYYMMDD}.{target:YYYYMM}.nc",
  key: "forecasts/{name}",
  leads: [1, 2],
  lookBackDays: 10,
  lateAfterDays: 3,
};
const ARCHIVE = {
  name: "archive",
  kind: "observations",
  address: "https://example.org/archive.nc",
  key: "observations/archive.nc",
  lateAfterDays: 75,
};

function parse(...sources: unknown[]): Source[] {
  return parseSources(JSON.stringify({ sources }), "sources.json");
}

test("own sources stand before those that are built in, and in the place of one of the same name", () => {
  expect(parse(RAIN, { ...ARCHIVE, name: "precl" })).toEqual([
    RAIN,
    { ...ARCHIVE, name: "precl" },
    ...BUILT_IN_SOURCES.filter(({ name }) => name !== "precl"),
  ]);
});

test("what is built in would be taken from a file", () => {
  expect(parse(...BUILT_IN_SOURCES)).toEqual(BUILT_IN_SOURCES);
});

test("a name that is written anew has its day from when it was changed", () => {
  const daily = {
    name: "access-s",
    kind: "forecast",
    issued: "daily",
    dated: "lastModified",
    address: "https://example.org/rain.nc",
    key: "forecasts/access-s.rain.{YYYYMMDD}.nc",
    lookBackDays: 1,
    lateAfterDays: 2,
  };
  expect(parse(daily)[0]).toEqual(daily);
  expect(() => parse({ ...daily, dated: "name" })).toThrow(
    'sources[0].address is "https://example.org/rain.nc": it must have the day of issue in it, or of a monthly forecast the month; or "dated" be "lastModified"',
  );
});

describe("is refused, with its place and the rule:", () => {
  test.each<[string, object, string]>([
    [
      "another scheme",
      { address: "ftp://example.org/a.{YYYYMMDD}.nc" },
      "it must be an http or https address of a file",
    ],
    ["a password", { address: "https://me:secret@example.org/a.nc" }, "it must be an http or https address of a file"],
    ["dates in the host", { address: "https://{YYYY}.org/a.nc" }, "it must be an http or https address of a file"],
    ["a folder", { address: "https://example.org/data/" }, "it must be an http or https address of a file"],
    [
      "an unknown word",
      { address: "https://example.org/{lead}.nc" },
      "it must have no words in {} but those for dates",
    ],
    ["a key elsewhere", { key: "stations/{name}" }, "it must begin with forecasts/"],
    ["a key that leads out", { key: "forecasts/../{name}" }, "it must have no part that is empty or begins with a dot"],
    ["a hidden key", { key: "forecasts/.x/{name}" }, "it must have no part that is empty or begins with a dot"],
    ["a key without a date", { key: "forecasts/CFSv2.nc" }, "it must have the day of issue in it"],
    ["a key that starts no run", { key: "forecasts/{YYYYMMDD}.{target:YYYYMM}.txt" }, "it must end in .nc, "],
    ["leads that share a key", { key: "forecasts/{YYYYMMDD}.nc" }, "or leads would share one key"],
    ["targets without leads", { leads: undefined }, 'it must be given, or "listing" be true'],
    ["no leads", { leads: [] }, "sources[0].leads"],
    ["a day of a daily forecast", { day: 8 }, 'it must be left out, or "issued" be "monthly"'],
    [
      "no look-back",
      { lookBackDays: 0 },
      "sources[0].lookBackDays is 0: it must be a whole number of days from 1 to 400",
    ],
    ["an unknown field", { every: "day" }, "sources[0] has no field every"],
    ["a name that is no word", { name: "Rain fall" }, "sources[0].name"],
    ["a day that is none", { verified: "soon" }, "it must be a day as YYYY-MM-DD"],
  ])("%s", (_, change, message) => {
    expect(() => parse({ ...RAIN, ...change })).toThrow(message);
  });

  test("a date in the address of observations", () => {
    expect(() => parse({ ...ARCHIVE, address: "https://example.org/{YYYY}.nc" })).toThrow(
      "it must have no words for dates",
    );
  });

  test("two of one name, no list, no JSON", () => {
    expect(() => parse(RAIN, RAIN)).toThrow('has two sources named "rain"');
    expect(() => parseSources("[]", "sources.json")).toThrow("sources.json: the file is []");
    expect(() => parseSources("{", "sources.json")).toThrow(
      /^sources\.json: is not JSON: .*The right form: \{"sources"/,
    );
  });

  test("and the form that is said to be right is right", () => {
    expect(parseSources(formTold(), "sources.json")[0]?.name).toBe("rain");
  });
});

/** The right form, as an error tells it. */
function formTold(): string {
  try {
    parseSources("", "sources.json");
  } catch (error) {
    return /The right form: (.*)$/.exec((error as Error).message)![1]!;
  }
  throw new Error("no sources at all were taken");
}
