import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { Inflater } from "../../../lib/netcdf/hdf5/inflater.ts";

const LENGTH = 100_000;
const text = (seed: number) => Buffer.from(Uint8Array.from({ length: LENGTH }, (_, i) => (i * i * seed) >> 5));
const deflated = deflateSync(text(1));

test("texts are inflated one after another", async () => {
  const inflater = new Inflater(LENGTH);
  for (let seed = 1; seed <= 20; seed++) {
    expect(Buffer.from(await inflater.inflate(deflateSync(text(seed)))).equals(text(seed))).toBe(true);
  }
  inflater.close();
});

describe("refused, and the next one is inflated", () => {
  const changed = (at: number) => {
    const bytes = Buffer.from(deflated);
    bytes[bytes.length + at]! ^= 1;
    return bytes;
  };
  test.each([
    ["cut short by its last byte", deflated.subarray(0, -1), "unexpected end of file"],
    ["half", deflated.subarray(0, deflated.length / 2), "unexpected end of file"],
    ["nothing", Buffer.alloc(0), "unexpected end of file"],
    ["with another checksum", changed(-1), "incorrect data check"],
    ["no deflated text", Buffer.from("hello"), "incorrect header check"],
    ["shorter than it has to be", deflateSync(text(1).subarray(1)), `${LENGTH - 1} bytes, not ${LENGTH}`],
    ["longer", deflateSync(Buffer.concat([text(1), Buffer.from("x")])), `${LENGTH + 1} bytes, not ${LENGTH}`],
    ["much longer", deflateSync(Buffer.alloc(100 * LENGTH)), "bytes"],
  ])("%s", async (_, bytes, message) => {
    const inflater = new Inflater(LENGTH);
    for (let i = 0; i < 2; i++) {
      await expect(inflater.inflate(bytes)).rejects.toThrow(message);
      expect(Buffer.from(await inflater.inflate(deflated)).equals(text(1))).toBe(true);
    }
    inflater.close();
  });
});

test("what stands behind a text is not looked at", async () => {
  const inflater = new Inflater(LENGTH);
  for (let i = 0; i < 2; i++) {
    const bytes = await inflater.inflate(Buffer.concat([deflated, Buffer.from("more")]));
    expect(Buffer.from(bytes).equals(text(1))).toBe(true);
  }
  inflater.close();
});
