import { describe, expect, test } from "vitest";
import { packSeries, stepFrom } from "../../lib/report/packed-series.ts";
import { unpackSeries } from "../../lib/report/page/unpack.ts";
import { madeSeries } from "../support/made-report.ts";

const ROOM = 620_000;

/** How far the unpacked values are from what was packed, at most, in steps. */
async function worst(series: readonly Float32Array[], letters = ROOM) {
  const packed = packSeries(series, letters);
  const read = await unpackSeries(packed);
  const unpacked = (position: number) => Array.from({ length: packed.months }, (_, month) => read(position, month));
  let most = 0;
  for (const [i, values] of series.entries()) {
    for (const [t, value] of unpacked(i).entries()) {
      if (Number.isFinite(values[t]!)) most = Math.max(most, Math.abs(value - values[t]!) / packed.step);
    }
  }
  return { most, packed, unpacked };
}

describe("packed series come back", () => {
  test("rounded to the step, which is as fine as the room allows", async () => {
    for (const [stations, step] of [
      [50, 0.01],
      [2000, 0.5],
    ] as const) {
      const { most, packed } = await worst(madeSeries(stations));
      expect(packed.step).toBe(step);
      expect(most).toBeLessThan(0.5001);
      expect(packed.data.length).toBeLessThan(ROOM);
    }
  });

  test("as short decimals, without a trace of the division", async () => {
    const { unpacked } = await worst([Float32Array.of(0.06, -0.07, 1.1, 12)]);
    expect(unpacked(0).map(String)).toEqual(["0.06", "-0.07", "1.1", "12"]);
  });

  test("with what is missing or infinite as it is", async () => {
    const { unpacked } = await worst([
      Float32Array.of(Number.NaN, 1, Infinity, -Infinity),
      Float32Array.of(-2, Number.NaN, 0, 4),
    ]);
    expect(unpacked(0)).toEqual([Number.NaN, 1, Infinity, -Infinity]);
    expect(unpacked(1)).toEqual([-2, Number.NaN, 0, 4]);
  });

  test("when all are equal, or missing, or of any size", async () => {
    expect((await worst([new Float32Array(20)])).most).toBe(0);
    const gone = await worst([new Float32Array(20).fill(Number.NaN)]);
    expect(gone.unpacked(0)).toEqual(Array.from(new Float32Array(20).fill(Number.NaN)));
    for (const size of [1e-6, 1e6]) {
      const { most } = await worst(madeSeries(50).map((values) => values.map((value) => value * size)));
      expect(most).toBeLessThan(0.51);
    }
  });

  test("whole, when one value is a thousand times the others", async () => {
    const [first, ...others] = madeSeries(50);
    const { most } = await worst([first!.with(3, 5000), ...others]);
    expect(most).toBeLessThan(0.51);
  });
});

test("a step is 1, 2 or 5 times a power of ten", () => {
  expect([0.003, 0.005, 0.0051, 0.9, 1, 1.5, 30].map(stepFrom)).toEqual([0.005, 0.005, 0.01, 1, 1, 2, 50]);
});
