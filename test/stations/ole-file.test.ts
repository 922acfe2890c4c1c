import { expect, test } from "vitest";
import { oleStreams } from "../../lib/stations/ole-file.ts";
import { circular, oleFile } from "../support/workbooks.ts";

/** Bytes that are not all the same. */
const bytes = (count: number) => Buffer.from(Uint8Array.from({ length: count }, (_, i) => i % 251));

test("streams of any length are read, the small ones from the root's", () => {
  const streams = { A: bytes(0), B: bytes(1), C: bytes(4095), D: bytes(4096), E: bytes(100_000), F: bytes(65) };
  const found = oleStreams(oleFile(streams), "t.xls");
  for (const [name, content] of Object.entries(streams)) expect(Buffer.from(found.get(name)!())).toEqual(content);
});

test("a chain of sectors that comes back to itself is told", () => {
  const found = oleStreams(circular(oleFile({ Workbook: bytes(9000) })), "t.xls");
  expect(() => found.get("Workbook")!()).toThrow(
    expect.objectContaining({
      tag: "BrokenFile",
      message: expect.stringContaining("a chain of sectors that does not end"),
    }),
  );
});

test.each<[string, (file: Buffer) => Buffer, string]>([
  ["cut in its header", (file) => file.subarray(0, 300), "is shorter than its header"],
  ["cut in its sectors", (file) => file.subarray(0, 1100), "which is not in it"],
  ["of odd sectors", (file) => (file.writeUInt16LE(60, 30), file), "declares sectors of 2^60 bytes"],
])("a file %s is told", (_, damage, problem) => {
  const file = damage(oleFile({ Workbook: bytes(9000) }));
  expect(() => oleStreams(file, "t.xls").get("Workbook")?.()).toThrow(
    expect.objectContaining({ tag: "BrokenFile", message: expect.stringContaining(problem) }),
  );
});
