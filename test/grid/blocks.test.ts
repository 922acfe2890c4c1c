import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fileBlocks } from "../../lib/grid/blocks.ts";
import { Kernels } from "../../lib/grid/kernels/kernels.ts";
import { temporaryFolder } from "../support/folder.ts";

describe("blocks in a file", async () => {
  const SIZES = { size: 8, row: 4, count: 2 };
  const kernels = await Kernels.load();

  test("come back by rows, whatever the order that they were kept in", () => {
    const blocks = fileBlocks(kernels, temporaryFolder(), SIZES);
    for (const [number, first] of [
      [1, 10],
      [0, 20],
    ] as const) {
      const memory = blocks.fresh();
      kernels.bytes(memory, 8).set([0, 1, 2, 3, 4, 5, 6, 7].map((i) => first + i));
      blocks.keep(number, memory);
    }
    expect([...kernels.bytes(blocks.part(0, 4, 4), 4)]).toEqual([24, 25, 26, 27]);
    expect([...kernels.bytes(blocks.part(1, 0, 2), 2)]).toEqual([10, 11]);
    blocks.close();
  });

  test("have no name, so that a process that is killed leaves nothing", () => {
    const folder = temporaryFolder();
    const blocks = fileBlocks(kernels, folder, SIZES);
    blocks.keep(0, blocks.fresh());
    expect(readdirSync(folder)).toEqual([]);
    blocks.close();
  });

  test("that cannot be written are told with what they take", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "spool"));
    expect(() => fileBlocks(kernels, folder, SIZES)).toThrow(
      expect.objectContaining({
        tag: "CannotWrite",
        message: expect.stringMatching(/spool: cannot be written: .*Make room there for 1 MiB, or set TMPDIR/),
      }),
    );
  });
});
