import { describe, expect, test } from "vitest";
import { folderStore } from "../../lib/store/folder.ts";
import { filePlace, folderPlace, placeOf, within } from "../../lib/store/place.ts";

test.each([
  ["inputs/a.nc", { kind: "path", path: "inputs/a.nc" }],
  ["/a b/s3/x://y.nc", { kind: "path", path: "/a b/s3/x://y.nc" }],
  ["C:\\inputs\\a.nc", { kind: "path", path: "C:\\inputs\\a.nc" }],
  ["s3://input/forecasts/a b%20+.nc", { kind: "s3", bucket: "input", key: "forecasts/a b%20+.nc" }],
  ["S3://input//a?x#y", { kind: "s3", bucket: "input", key: "/a?x#y" }],
  ["s3://input", { kind: "s3", bucket: "input", key: "" }],
  ["s3://input/", { kind: "s3", bucket: "input", key: "" }],
])("%s is a place", (text, place) => {
  expect(placeOf(text)).toEqual(place);
});

describe("is refused, and told what is accepted", () => {
  test.each([
    ["https://example.org/a.nc", "https:// is not read. Give a path, or s3://bucket/key; download what is elsewhere"],
    ["HTTP://example.org/a.nc", "http:// is not read. Give a path, or s3://bucket/key; download what is elsewhere"],
    ["gs://bucket/a.nc", "gs:// is not read. Give a path, or s3://bucket/key; download what is elsewhere"],
    ["s3a://bucket/a.nc", "s3a:// is not read. Give a path, or s3://bucket/key; download what is elsewhere"],
    ["file:///tmp/a.nc", "is a URL of a file. Give its path alone"],
    ["s3:/bucket/a.nc", "is neither a path nor a URL. Write s3://bucket/key, with two slashes"],
    ["s3://", '"" is no bucket\'s name. Write s3://bucket/key'],
    ["s3:///a.nc", '"" is no bucket\'s name. Write s3://bucket/key'],
    ["s3://b?/a.nc", '"b?" is no bucket\'s name. Write s3://bucket/key'],
  ])("%s", (text, problem) => {
    for (const read of [placeOf, filePlace, folderPlace, folderStore]) {
      expect(() => read(text)).toThrow(expect.objectContaining({ tag: "BadName", message: `${text}: ${problem}` }));
    }
  });

  test("no name", () => {
    const message = "(no name): names nothing. Give a path, or s3://bucket/key";
    expect(() => placeOf(" ")).toThrow(expect.objectContaining({ tag: "BadName", message }));
  });

  test.each(["s3://input", "s3://input/", "s3://input/forecasts/"])("as a file: %s", (text) => {
    const message = `${text}: names no object. Write s3://bucket/key, the whole key`;
    expect(() => filePlace(text)).toThrow(expect.objectContaining({ tag: "BadName", message }));
  });

  test.each(["s3://out//", "s3://out/a//b", "s3://out/../b", "s3://out/./b"])("as a folder: %s", (text) => {
    expect(() => folderPlace(text)).toThrow(/is no prefix of keys. Write s3:\/\/bucket\/prefix, without empty parts/);
  });

  test("s3://out/a as a folder of this machine, which it would become", () => {
    const message = "s3://out/a: is not a folder of this machine. Give a path";
    expect(() => folderStore("s3://out/a")).toThrow(expect.objectContaining({ tag: "BadName", message }));
  });
});

test.each([
  ["s3://out", { bucket: "out", key: "" }],
  ["s3://out/", { bucket: "out", key: "" }],
  ["s3://out/of/today/", { bucket: "out", key: "of/today" }],
])("%s is a folder of a bucket", (text, place) => {
  expect(folderPlace(text)).toEqual({ kind: "s3", ...place });
});

test.each([
  ["out/", "out/runs/a"],
  [".", "runs/a"],
  ["s3://out", "s3://out/runs/a"],
  ["s3://out/of/", "s3://out/of/runs/a"],
])("an object within %s is %s", (out, object) => {
  expect(within(out, "runs/a")).toBe(object);
});
