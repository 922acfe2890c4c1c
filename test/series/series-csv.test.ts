import { expect, test } from "vitest";
import { type SeriesFrame, seriesCsv } from "../../lib/series/series-csv.ts";

const frame: SeriesFrame = {
  column: "prec_ano",
  missing: "0.0",
  history: ["2020-04-01 00:00:00,", "2020-05-01 00:00:00,"],
  gap: "2020-06-30 12:34:56,0.0\n",
  leads: ["2020-08-01 00:00:00,"],
};

test("a series is header, observed months, the row for now and the forecast", () => {
  expect(seriesCsv(frame, new Float32Array([-0.1, 2]), [1e-5])).toBe(
    ",prec_ano\n2020-04-01 00:00:00,-0.10000000149011612\n2020-05-01 00:00:00,2.0\n" +
      "2020-06-30 12:34:56,0.0\n2020-08-01 00:00:00,1e-05\n",
  );
});

test("missing values are written as the product says, and the row for now can be left out", () => {
  const text = seriesCsv({ ...frame, missing: "", gap: "" }, new Float32Array([Number.NaN, 0]), [Number.NaN]);
  expect(text).toBe(",prec_ano\n2020-04-01 00:00:00,\n2020-05-01 00:00:00,0.0\n2020-08-01 00:00:00,\n");
});

test("values that do not fit the times are a defect, never a shorter file", () => {
  expect(() => seriesCsv(frame, new Float32Array(1), [0])).toThrow(RangeError);
  expect(() => seriesCsv(frame, new Float32Array(2), [])).toThrow("2 + 0 values for 2 + 1 times");
});
