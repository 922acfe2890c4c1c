import { describe, expect, test } from "vitest";
import { fitsPattern } from "../lib/name-pattern.ts";

describe("a pattern", () => {
  test.each([
    ["a.nc", "a.nc"],
    ["CFSv2.Prec.20200625.202008.nc", "CFSv2.*.nc"],
    ["a.nc", "*"],
    ["", "*"],
    ["", ""],
    ["a.nc", "?.n?"],
    ["降水.nc", "??.nc"],
    ["\u{1f300}.nc", "?.nc"],
    ["aab.nc", "*ab.nc"],
    ["abcabd", "*ab?"],
    ["a\nb", "a?b"],
    ["a**b", "a**b"],
    ["a.nc", "**a**.nc**"],
  ])("%j is of %j", (name, pattern) => {
    expect(fitsPattern(name, pattern)).toBe(true);
  });

  test.each([
    ["a.nc4", "a.nc"],
    ["ba.nc", "a.nc"],
    ["axnc", "a.nc"],
    ["a.nc", "?a.nc"],
    ["", "?"],
    ["a", ""],
    ["abcab", "*ab?"],
    ["a.nc", "A.nc"],
    ["[a].nc", "[ab].nc"],
  ])("%j is not of %j", (name, pattern) => {
    expect(fitsPattern(name, pattern)).toBe(false);
  });

  test("of many stars is decided at once, whatever the name", () => {
    expect(fitsPattern("a".repeat(10_000), `${"*a".repeat(50)}*b`)).toBe(false);
  });
});
