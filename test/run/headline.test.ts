import { expect, test } from "vitest";
import { shortfalls, usableText } from "../../lib/run/headline.ts";
import { NOTHING } from "../../lib/run/manifest.ts";

test("the headline says how many stations can be used, and why the others cannot", () => {
  const counts = { ...NOTHING, planned: 966, written: 966, usable: 126, withoutObservations: 840, rejectedRows: 3 };
  expect([usableText(counts), ...shortfalls(counts)]).toEqual([
    "126 of 966 stations have observations and a forecast",
    "840 lie in cells without observations",
    "3 rows of the table were not used",
  ]);
});

test("the stations that are too far away are among those that cannot be used", () => {
  const counts = { ...NOTHING, planned: 2, usable: 1, withoutForecast: 1, tooFar: 4 };
  expect(usableText(counts)).toBe("1 of 6 stations have observations and a forecast");
  expect(shortfalls(counts)).toEqual(["1 has no forecast", "4 are too far from any cell, and were not written"]);
});

test("of one station it is in the singular", () => {
  expect(usableText({ ...NOTHING, planned: 1 })).toBe("0 of 1 station has observations and a forecast");
  expect(usableText({ ...NOTHING, planned: 2, usable: 2 })).toBe("2 of 2 stations have observations and a forecast");
  expect(shortfalls({ ...NOTHING, withoutObservations: 1, tooFar: 1, rejectedRows: 1 })).toEqual([
    "1 lies in a cell without observations",
    "1 is too far from any cell, and was not written",
    "1 row of the table was not used",
  ]);
  expect(shortfalls({ ...NOTHING, planned: 2, usable: 2, emptyRows: 1 })).toEqual([]);
});
