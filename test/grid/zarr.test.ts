import { expect, test } from "vitest";
import { storeGrid } from "../../lib/grid/compute.ts";
import { tileBytes, tileKey, tileValues, writeZarrFrame } from "../../lib/grid/zarr.ts";
import { folderStore } from "../../lib/store/folder.ts";
import { requireJson } from "../../lib/store/store.ts";
import { temporaryFolder } from "../support/folder.ts";
import { gridCase } from "../support/grid.ts";
import { openGroup } from "../support/zarr.ts";

test("a tile's bytes are little-endian, and read back wherever they lie in memory", () => {
  const values = Float32Array.of(1.5, Number.NaN, -0, -1e-5);
  const bytes = tileBytes(values);
  expect(Array.from(bytes.subarray(0, 4))).toEqual([0, 0, 0xc0, 0x3f]);
  expect(tileValues(bytes)).toEqual(values);
  for (const offset of [0, 1, 2, 3, 4]) {
    const inside = Buffer.concat([Buffer.alloc(offset), bytes]).subarray(offset);
    expect(tileValues(inside)).toEqual(values);
    expect(tileValues(new Uint8Array([...Array.from({ length: offset }, () => 7), ...bytes]).subarray(offset))).toEqual(
      values,
    );
  }
  // Of a part of a larger array, only the part.
  expect(tileBytes(values.subarray(1, 3))).toHaveLength(8);
});

test("keys are those of Zarr's chunks", () => {
  expect(tileKey("x", 3, 12)).toBe("grids/x/anomaly/3.12.0");
});

test("another reader finds arrays, dimensions, units and where they are from", async () => {
  const { dataset, about } = await gridCase("grid/packed.nc", "air", "packed");
  const store = folderStore(temporaryFolder());
  await storeGrid(dataset, about, store, { memoryBytes: 2 ** 20 });
  const group = await openGroup(store, `grids/${about.id}`);
  expect(group.contents).toEqual([
    { path: "/", kind: "group" },
    { path: "/lat", kind: "array" },
    { path: "/lon", kind: "array" },
    { path: "/time", kind: "array" },
    { path: "/anomaly", kind: "array" },
  ]);
  expect(group.attributes).toEqual({
    Conventions: "CF-1.8",
    title: "Monthly anomalies of air",
    source: "grid/packed.nc, sha256 or etag etag",
    baseline: "1991-1992",
  });
  const anomaly = await group.read("anomaly");
  expect(anomaly.chunks).toEqual([3, 2, 35]);
  expect(anomaly.attributes).toEqual({
    _ARRAY_DIMENSIONS: ["lat", "lon", "time"],
    long_name: "air less its 1991-1992 mean of the calendar month",
    units: "K",
  });
  expect((await group.read("time")).attributes).toEqual({
    _ARRAY_DIMENSIONS: ["time"],
    units: "seconds since 1970-01-01 00:00:00",
    calendar: "proleptic_gregorian",
    standard_name: "time",
  });
  expect((await group.read("lat")).attributes).toMatchObject({ standard_name: "latitude", units: "degrees_north" });
  expect((await group.read("lon")).attributes).toMatchObject({ standard_name: "longitude", units: "degrees_east" });
});

test("the consolidated metadata are those of the single files; without units there are none", async () => {
  const { about } = await gridCase("run/precip.classic.nc", "precip", "precip");
  const { units, ...unitless } = about;
  expect(units).toBe("mm/day");
  const store = folderStore(temporaryFolder());
  await writeZarrFrame(store, { ...unitless, id: "g" }, []);
  const { metadata } = await requireJson<{ metadata: Record<string, unknown> }>(store, "grids/g/.zmetadata");
  const files: Record<string, unknown> = {};
  for await (const { key } of store.list("grids/g/")) {
    if (/\.z(array|attrs|group)$/.test(key)) files[key.slice("grids/g/".length)] = await requireJson(store, key);
  }
  expect(metadata).toEqual(files);
  expect(metadata["anomaly/.zattrs"]).not.toHaveProperty("units");
  expect(metadata["anomaly/.zarray"]).toEqual({
    zarr_format: 2,
    shape: [9, 18, 87],
    chunks: [1, 1, 87],
    dtype: "<f4",
    fill_value: "NaN",
    order: "C",
    compressor: null,
    filters: null,
  });
  // A group without tiles is all missing.
  const { data } = await (await openGroup(store, "grids/g")).read("anomaly");
  expect(Array.from(data as Float32Array).every(Number.isNaN)).toBe(true);
});
