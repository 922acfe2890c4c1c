import { describe, expect, it } from "vitest";
import { idProblem, idText, sameFileKey } from "../../lib/stations/safe-id.ts";

describe("idText", () => {
  it.each([
    [50000, "50000"],
    ["50000", "50000"],
    ["50000.0", "50000"],
    ["050000", "050000"],
    ["a.0", "a.0"],
    [50000.5, "50000.5"],
  ])("of %j is %j", (cell, id) => {
    expect(idText(cell)).toBe(id);
  });
});

describe("idProblem", () => {
  it.each(["50000", "050000", "-1", "A_b-9", "x".repeat(64), "console", "com10", "lpt"])("takes %s", (id) => {
    expect(idProblem(id)).toBeUndefined();
  });

  it.each(["", "..", "a/b", "a\\b", "a b", "50000.5", "５００００", "站", "a\n", '="1"', "x".repeat(65)])(
    "refuses %j, which is no file name everywhere",
    (id) => {
      expect(idProblem(id)).toMatch(
        /^id ".*" cannot be a file name: an id is 1 to 64 letters A-Z or a-z, digits, _ and -$/,
      );
    },
  );

  it.each(["CON", "nul", "Aux", "prn", "COM1", "lpt9"])("refuses %s, which Windows keeps", (id) => {
    expect(idProblem(id)).toBe(`id "${id}" is a device name on Windows and cannot be a file name`);
  });
});

it("sameFileKey does not tell case", () => {
  expect(sameFileKey("Ab1")).toBe(sameFileKey("aB1"));
  expect(sameFileKey("Ab1")).not.toBe(sameFileKey("Ab2"));
});
