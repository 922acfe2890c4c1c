import { describe, expect, test } from "vitest";
import { BUILT_IN_PRODUCTS } from "../../lib/run/built-in-products.ts";
import { parseEvent } from "../../lib/run/events.ts";
import { eventAbout, isAboutPrefix, keysMeant, parsePrefixEvent } from "../../lib/run/prefix-event.ts";

const prec = BUILT_IN_PRODUCTS[0]!;
const temp = { ...prec, name: "temp", forecast: { ...prec.forecast, pattern: "CFSv2.T2m*.nc" } };
const event = { forecastPrefix: "forecasts/2019", mode: "new" } as const;

test("an event is about a prefix where it names one, right or wrong", () => {
  expect([{ forecastPrefix: 1 }, { forecastKey: "f.nc" }, null].map(isAboutPrefix)).toEqual([true, false, false]);
});

test("it may say the same of its runs as one about a forecast", () => {
  expect(parsePrefixEvent({ forecastPrefix: "f/" })).toEqual({ forecastPrefix: "f/", mode: "new" });
  const all = { product: "prec", now: "2020-06-30T12:34:56", force: true };
  expect(parsePrefixEvent({ forecastPrefix: "f/", after: "f/a.nc", ...all })).toEqual({
    forecastPrefix: "f/",
    after: "f/a.nc",
    product: "prec",
    now: "2020-06-30 12:34:56",
    mode: "force",
  });
});

test.each([
  [{ forecastPrefix: "" }, "forecastPrefix"],
  [{ forecastPrefix: "f/", forecastKey: "f/a.nc" }, 'Unrecognized key: "forecastKey"'],
  [{ forecastPrefix: "f/", resume: true, force: true }, "resume and force exclude each other"],
])("%j is refused, and the right form shown", (wrong, problem) => {
  const refused = expect.objectContaining({ tag: "BadEvent", message: expect.stringContaining(problem) });
  expect(() => parsePrefixEvent(wrong)).toThrow(refused);
  expect(() => parsePrefixEvent(wrong)).toThrow('{"forecastPrefix": "forecasts/2019/"}');
});

test.each([
  [{}, "new"],
  [{ resume: true, product: "prec" }, "resume"],
  [{ force: true, now: "2020-06-30T12:34:56" }, "force"],
])("what is sent about one of its forecasts is what it says: %j", (wishes, mode) => {
  const about = eventAbout("f/a.nc", parsePrefixEvent({ forecastPrefix: "f/", ...wishes }));
  expect(about).toEqual({ forecastKey: "f/a.nc", ...wishes });
  expect(parseEvent(about)).toMatchObject([{ forecastKey: "f/a.nc", mode }]);
});

describe("the forecasts that are meant", () => {
  const keys = ["CFSv2.Prec.1.nc", "CFSv2.Prec.1.nc.md5", "CFSv2.Prec.2.grib2", "CFSv2.T2m.1.nc", "notes.nc"];

  test("have a name that a product takes", () => {
    const meant = ["CFSv2.Prec.1.nc", "CFSv2.T2m.1.nc"];
    expect(keysMeant(keys, event, [prec, temp])).toEqual(meant);
  });

  test("are those of the product that the event names", () => {
    expect(keysMeant(keys, { ...event, product: "temp" }, [prec, temp])).toEqual(["CFSv2.T2m.1.nc"]);
    expect(() => keysMeant(keys, { ...event, product: "wind" }, [prec])).toThrow('there is no product "wind"');
  });

  test("follow the key that the event names, be it there or not, in the order of S3", () => {
    const few = ["CFSv2.Prec.1.nc", "CFSv2.Prec.3.nc", "CFSv2.Prec.\u{ffee}.nc", "CFSv2.Prec.\u{1f327}.nc"];
    const after = (key: string) => keysMeant(few, { ...event, after: key }, [prec]);
    expect(after("CFSv2.Prec.1.nc")).toEqual(few.slice(1));
    expect(after("CFSv2.Prec.2.nc")).toEqual(few.slice(1));
    expect(after(few[2]!)).toEqual([few[3]]);
    expect(after(few[3]!)).toEqual([]);
  });
});
