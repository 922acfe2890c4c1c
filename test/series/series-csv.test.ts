import { expect, test } from "vitest";
import {
  type HistoryFrame,
  historyWriter,
  longestHistory,
  type TailFrame,
  tailWriter,
} from "../../lib/series/series-csv.ts";

const frame: HistoryFrame & TailFrame = {
  column: "prec_ano",
  missing: "0.0",
  seconds: [Date.UTC(2020, 3) / 1000, Date.UTC(2020, 4) / 1000],
  gap: "2020-06-30 12:34:56,0.0\n",
  leads: ["2020-08-01 00:00:00,"],
};

function seriesCsv(of: HistoryFrame & TailFrame, anomalies: number[], forecast: number[]): string {
  const into = new Uint8Array(100 + longestHistory(of));
  const end = historyWriter(of)(Float32Array.from(anomalies), into, 100);
  expect(into.subarray(0, 100)).toEqual(new Uint8Array(100));
  return new TextDecoder().decode(Buffer.concat([into.subarray(100, end), tailWriter(of)(forecast)]));
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

test.each([
  ["numbers", -1.2345678e-38],
  ["missing values", Number.NaN],
])("a history of the longest %s takes no more than it is said to", (_, value) => {
  const long = { ...frame, missing: "缺测".repeat(20) };
  const longest = longestHistory(long);
  const into = new Uint8Array(longest + 100);
  expect(historyWriter(long)(Float32Array.of(value, value), into, 0)).toBeLessThanOrEqual(longest);
  expect(into.subarray(longest)).toEqual(new Uint8Array(100));
});

test("values that do not fit the times are a defect, never a shorter file", () => {
  expect(() => seriesCsv(frame, [1], [0])).toThrow(RangeError);
  expect(() => seriesCsv(frame, [1, 2], [])).toThrow("0 values for 1 times");
});
