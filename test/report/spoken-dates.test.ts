import { describe, expect, test } from "vitest";
import { daysInWords, forecastTitle, rowInShort, rowsInWords } from "../../lib/report/spoken-dates.ts";

describe("rows in words", () => {
  test.each([
    [["2020-08"], "August 2020"],
    [["2020-08-01 00:00:00"], "August 2020"],
    [["2020-08", "2020-09", "2020-10"], "August – October 2020"],
    [["2020-11", "2021-02"], "November 2020 – February 2021"],
    [["2020-08", "2021-08"], "August 2020 – August 2021"],
  ])("months %j", (times, words) => {
    expect(rowsInWords(times, undefined)).toBe(words);
  });

  test.each([
    [["2020-08-06"], "week of 6 August 2020"],
    [["2020-08-06", "2020-08-20"], "weeks of 6 – 20 August 2020"],
    [["2020-08-06", "2020-09-06"], "weeks of 6 August – 6 September 2020"],
    [["2020-12-31", "2021-01-07"], "weeks of 31 December 2020 – 7 January 2021"],
  ])("weeks %j", (times, words) => {
    expect(rowsInWords(times, true)).toBe(words);
  });
});

test.each(Array.from({ length: 12 }, (_, i) => i + 1))("month %i has the names that English has", (month) => {
  const date = new Date(Date.UTC(2020, month - 1, 9));
  const time = date.toISOString().slice(0, 10);
  const named = (style: "long" | "short") =>
    date.toLocaleString("en-GB", { month: style, year: "numeric", timeZone: "UTC" });
  expect(rowsInWords([time], undefined)).toBe(named("long"));
  expect(rowInShort(time, undefined)).toBe(named("short"));
  expect(rowInShort(time, true)).toBe(`9 ${named("short")}`);
});

test("days of issue", () => {
  expect(daysInWords(["20200625"])).toBe("25 June 2020");
  expect(daysInWords(["20200622", "20200625"])).toBe("22 – 25 June 2020");
});

test.each([
  ["20200625", ["2020-08"], undefined, "August 2020, issued 25 June"],
  ["20191225", ["2020-08"], undefined, "August 2020, issued 25 December 2019"],
  ["20200803", ["2020-08-06"], true, "Week of 6 August 2020, issued 3 August"],
  [null, ["2020-08"], undefined, "August 2020"],
  ["20200625", [], undefined, "Forecast 20200625.202008"],
] as const)("a title of a forecast issued %s for %j", (issued, targets, weekly, title) => {
  expect(forecastTitle({ label: "20200625.202008", issued }, targets, weekly)).toBe(title);
});
