import { expect, test } from "vitest";
import { TextReader } from "../../lib/stations/biff-texts.ts";

const RICH = 8;
const PHONETIC = 4;
const WIDE = 1;

const u16 = (...numbers: number[]) => Buffer.from(Uint16Array.from(numbers).buffer);
const u32 = (...numbers: number[]) => Buffer.from(Uint32Array.from(numbers).buffer);
const wide = (text: string) => Buffer.from(text, "utf16le");
const narrow = (text: string) => Buffer.from(text, "latin1");

test("a text is of one or two bytes a character", () => {
  expect(new TextReader([Buffer.concat([u16(3), Buffer.of(0), narrow("aé1")])]).plainText()).toBe("aé1");
  expect(new TextReader([Buffer.concat([u16(2), Buffer.of(WIDE), wide("北京")])]).plainText()).toBe("北京");
});

test("shared texts go on in the next record, with flags of its own, and without fonts and phonetics", () => {
  const plain = [u16(2), Buffer.of(0), narrow("ab")];
  const rich = [u16(4), Buffer.of(WIDE | RICH | PHONETIC), u16(1), u32(3), wide("北京")];
  const first = Buffer.concat([u32(9, 4), ...plain, ...rich]);
  const second = Buffer.concat([Buffer.of(0), narrow("xy"), Buffer.of(1, 0, 2), Buffer.of(0)]);
  const third = Buffer.concat([Buffer.of(7, 7, 7), u16(0), Buffer.of(0), u16(1), Buffer.of(WIDE), wide("海")]);
  expect(new TextReader([first, second, third]).sharedTexts()).toEqual(["ab", "北京xy", "", "海"]);
});

test.each([
  ["a length without its characters", Buffer.concat([u32(1, 1), u16(9), Buffer.of(0), narrow("ab")])],
  ["more texts than there are", Buffer.concat([u32(1, 0xffffffff), u16(1), Buffer.of(0), narrow("a")])],
  ["half a length", Buffer.concat([u32(1, 1), Buffer.of(1)])],
])("%s is told", (_, bytes) => {
  expect(() => new TextReader([bytes]).sharedTexts()).toThrow(RangeError);
});
