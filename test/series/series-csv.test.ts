import { expect, test } from "vitest";
import { type SeriesFrame, seriesWriter } from "../../lib/series/series-csv.ts";

const frame: SeriesFrame = {
  column: "prec_ano",
  missing: "0.0",
  history: ["2020-04-01 00:00:00,", "2020-05-01 00:00:00,"],
  gap: "2020-06-30 12:34:56,0.0\n",
  leads: ["2020-08-01 00:00:00,"],
};

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function seriesCsv(of: SeriesFrame, anomalies: number[], forecast: number[]): string {
  const writer = seriesWriter(of);
  return decode(writer.csv(writer.history(Float32Array.from(anomalies)), forecast));
}

test("a series is header, observed months, the row for now and the forecast", () => {
  expect(seriesCsv(frame, [-0.1, 2], [1e-5])).toBe(
    ",prec_ano\n2020-04-01 00:00:00,-0.10000000149011612\n2020-05-01 00:00:00,2.0\n" +
      "2020-06-30 12:34:56,0.0\n2020-08-01 00:00:00,1e-05\n",
  );
});

test("missing values are written as the product says, and the row for now can be left out", () => {
  const text = seriesCsv({ ...frame, missing: "", gap: "" }, [Number.NaN, 0], [Number.NaN]);
  expect(text).toBe(",prec_ano\n2020-04-01 00:00:00,\n2020-05-01 00:00:00,0.0\n2020-08-01 00:00:00,\n");
});

test("texts of any length and alphabet fit: they are UTF-8", () => {
  const text = seriesCsv({ ...frame, column: "距平", missing: "缺测".repeat(40) }, [Number.NaN, -Infinity], [Infinity]);
  expect(text).toBe(
    `,距平\n2020-04-01 00:00:00,${"缺测".repeat(40)}\n2020-05-01 00:00:00,-inf\n` +
      "2020-06-30 12:34:56,0.0\n2020-08-01 00:00:00,inf\n",
  );
});

test("stations of one cell share its history, and a history stays as it is", () => {
  const writer = seriesWriter(frame);
  const history = writer.history(Float32Array.of(1, 2.5));
  const first = writer.csv(history, [-123456.789]);
  const other = writer.csv(writer.history(Float32Array.of(9, 9)), [0.5]);
  expect(decode(writer.csv(history, [0.5]))).toBe(decode(first).replace("-123456.789", "0.5"));
  expect(decode(other)).toBe(
    decode(first).replace("-123456.789", "0.5").replace("1.0\n", "9.0\n").replace("2.5", "9.0"),
  );
});

test("values that do not fit the times are a defect, never a shorter file", () => {
  expect(() => seriesCsv(frame, [1], [0])).toThrow(RangeError);
  expect(() => seriesCsv(frame, [1, 2], [])).toThrow("0 values for 1 times");
});
