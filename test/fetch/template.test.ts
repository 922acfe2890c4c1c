import { expect, test } from "vitest";
import { datesIn, expand, unknownWords } from "../../lib/fetch/template.ts";

const TEMPLATE = "x/{YYYY}/{YYYYMMDD}.{target:YYYYMM}.(1)+.nc";

test("what a template was expanded to, it reads again", () => {
  const dates = { issued: "2024-02-29", target: "2024-03" };
  const text = expand(TEMPLATE, dates);
  expect(text).toBe("x/2024/20240229.202403.(1)+.nc");
  expect(datesIn(TEMPLATE, text, undefined)).toEqual(dates);
});

test.each([
  ["another text", "x/2024/20240229.202403.(1)+.nc.md5"],
  ["a dot that is another letter", "x/2024/20240229.202403.(1)+xnc"],
  ["a day that there is not", "x/2023/20230229.202303.(1)+.nc"],
  ["a month that there is not", "x/2024/20241301.202403.(1)+.nc"],
  ["a target month that there is not", "x/2024/20240229.202400.(1)+.nc"],
  ["years that contradict each other", "x/2023/20240229.202403.(1)+.nc"],
])("no dates are read of %s", (_, text) => {
  expect(datesIn(TEMPLATE, text, undefined)).toBeUndefined();
});

test("a monthly name has the day that is known of it, or the last one of a shorter month", () => {
  expect(datesIn("{YYYYMM}.nc", "202402.nc", 8)).toEqual({ issued: "2024-02-08" });
  expect(datesIn("{YYYYMM}.nc", "202402.nc", 31)).toEqual({ issued: "2024-02-29" });
  expect(datesIn("{YYYY}-{MM}.nc", "2024-02.nc", undefined)).toEqual({ issued: "2024-02-01" });
});

test("other words in braces are none", () => {
  expect(unknownWords("{YYYY}{MM}{DD}{target:MM}")).toEqual([]);
  expect(unknownWords("{yyyy}.{target:DDD}.{lead}.{.}")).toEqual(["{yyyy}", "{target:DDD}", "{lead}", "{.}"]);
});
