import { describe, expect, test } from "vitest";
import { BUILT_IN_PRODUCTS } from "../../lib/run/built-in-products.ts";
import { ordersOf, parseEvent } from "../../lib/run/events.ts";

const record = (key: string) => ({
  eventSource: "aws:s3",
  eventName: "ObjectCreated:Put",
  s3: { bucket: { name: "in" }, object: { key, size: 1, eTag: "x" } },
});

describe("an S3 notification", () => {
  test("has one forecast for each record, its key decoded as forms encode it", () => {
    const keys = ["forecasts/a+b%2Bc.nc", "forecasts/%E9%A2%84%E6%8A%A5.nc"];
    expect(parseEvent({ Records: keys.map(record) })).toEqual([
      { forecastKey: "forecasts/a b+c.nc", bucket: "in", mode: "new" },
      { forecastKey: "forecasts/预报.nc", bucket: "in", mode: "new" },
    ]);
  });

  test("of another kind than a creation is refused", () => {
    const removed = { ...record("a"), eventName: "ObjectRemoved:Delete" };
    expect(() => parseEvent({ Records: [removed] })).toThrow("only ObjectCreated events start runs");
  });

  test("with a key that is not encoded is refused", () => {
    expect(() => parseEvent({ Records: [record("100%.nc")] })).toThrow('"100%.nc" is not a URL-encoded key');
  });

  test("that S3 sends when it is set up asks for nothing", () => {
    expect(parseEvent({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "in" })).toEqual([]);
  });
});

describe("what a topic of SNS hands on", () => {
  const sns = (...messages: unknown[]) => ({
    Records: messages.map((message) => ({ EventSource: "aws:sns", Sns: { Message: JSON.stringify(message) } })),
  });

  test("are the forecasts of the notifications in it, and nothing else that is uploaded", () => {
    const keys = ["forecasts/a+b.nc", "forecasts/a+b.nc.md5", "observations/c.nc"];
    expect(parseEvent(sns({ Records: keys.map(record) }, { Records: [record("forecasts/d.grib2")] }))).toEqual([
      { forecastKey: "forecasts/a b.nc", bucket: "in", mode: "new" },
      { forecastKey: "forecasts/d.grib2", bucket: "in", mode: "new" },
    ]);
  });

  test("is nothing when S3 tries the topic", () => {
    expect(parseEvent(sns({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "in" }))).toEqual([]);
  });

  test.each([
    [{ Records: [{ Sns: { Message: "A new forecast is there" } }] }, "the message of a topic is no JSON"],
    [sns({ forecastKey: "forecasts/a.nc" }), "the message of a topic is no event of S3"],
    [sns({ Records: [{ ...record("a"), eventName: "ObjectRemoved:Delete" }] }), "only ObjectCreated events start runs"],
  ])("is refused where it is no notification of an upload: %j", (event, problem) => {
    expect(() => parseEvent(event)).toThrow(problem);
  });
});

test("an EventBridge event's key is as it is", () => {
  const detail = { bucket: { name: "in" }, object: { key: "forecasts/a+b%20c.nc" } };
  expect(parseEvent({ source: "aws.s3", "detail-type": "Object Created", detail })).toEqual([
    { forecastKey: "forecasts/a+b%20c.nc", bucket: "in", mode: "new" },
  ]);
});

test("a manual event may say product, time and mode", () => {
  expect(parseEvent({ forecastKey: "f.nc" })).toEqual([{ forecastKey: "f.nc", mode: "new" }]);
  expect(parseEvent({ forecastKey: "f.nc", product: "prec", now: "2020-06-30T12:34:56Z", resume: true })).toEqual([
    { forecastKey: "f.nc", product: "prec", now: "2020-06-30 12:34:56", mode: "resume" },
  ]);
  expect(parseEvent({ forecastKey: "f.nc", force: true })).toEqual([{ forecastKey: "f.nc", mode: "force" }]);
});

test.each([
  [{}, "forecastKey"],
  [null, "expected object"],
  ["forecasts/a.nc", "expected object"],
  [{ forecastKey: "" }, "forecastKey"],
  [{ forecastKey: "f.nc", resume: true, force: true }, "resume and force exclude each other"],
  [{ forecastKey: "f.nc", now: "yesterday" }, "a UTC time such as 2020-06-30T12:34:56"],
  [{ forecastKey: "f.nc", now: "2020-02-30T00:00:00" }, "a UTC time such as"],
  [{ forecastkey: "f.nc" }, 'Unrecognized key: "forecastkey"'],
  [{ Records: [] }, "Records"],
  [{ "detail-type": "Object Deleted", source: "aws.s3" }, "Object Created"],
])("the event %j is refused, and the right form shown", (event, problem) => {
  expect(() => parseEvent(event)).toThrow(
    expect.objectContaining({ tag: "BadEvent", message: expect.stringContaining(problem) }),
  );
  expect(() => parseEvent(event)).toThrow('Send {"forecastKey": "forecasts/CFSv2.Prec.20200625.202008.nc"}');
});

describe("the runs of a forecast", () => {
  const prec = BUILT_IN_PRODUCTS[0]!;
  const wet = { ...prec, name: "wet" };
  const event = { forecastKey: "forecasts/CFSv2.Prec.1.nc", mode: "new" } as const;

  test("are one for every product that its name matches", () => {
    const other = { ...prec, name: "temp", forecast: { ...prec.forecast, pattern: "CFSv2.T2m*.nc" } };
    expect(ordersOf(event, [prec, other, wet], "in").map((order) => order.product.name)).toEqual(["prec", "wet"]);
  });

  test("are that of the product that it names, whatever its pattern", () => {
    expect(ordersOf({ ...event, forecastKey: "x.nc", product: "wet", now: "n" }, [prec, wet], "in")).toEqual([
      { product: wet, forecastKey: "x.nc", mode: "new", now: "n" },
    ]);
    expect(() => ordersOf({ ...event, product: "no" }, [prec, wet], "in")).toThrow("Valid choices: prec, wet");
  });

  test("are none, loudly, for a name that no product takes or a bucket that is not ours", () => {
    expect(() => ordersOf({ ...event, forecastKey: "forecasts/x.nc" }, [prec], "in")).toThrow(
      "forecasts/x.nc: no product's forecast pattern matches this name. Valid choices: CFSv2.Prec*.nc (prec)",
    );
    expect(() => ordersOf({ ...event, forecastKey: "old/CFSv2.Prec.1.nc", bucket: "in" }, [prec], "in")).toThrow(
      "old/CFSv2.Prec.1.nc: the event is about an object that is not below forecasts/",
    );
    expect(() => ordersOf({ ...event, bucket: "other" }, [prec], "in")).toThrow('the event is about bucket "other"');
  });
});
