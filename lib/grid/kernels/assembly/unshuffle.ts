/**
 * Puts values together whose first bytes stand first, then their second bytes, and so on.
 *
 * @param planes - of `count` bytes each, as many as a value of `word` bytes has
 */
export function unshuffle(word: usize, planes: usize, count: usize, values: usize): void {
  const whole: usize = word == 4 ? fours(planes, count, values) : word == 2 ? twos(planes, count, values) : 0;
  for (let byte: usize = 0; byte < word; byte++) {
    const plane = planes + byte * count;
    for (let i = whole; i < count; i++) store<u8>(values + i * word + byte, load<u8>(plane + i));
  }
}

/** Values of four bytes, sixteen at a time. @returns how many */
function fours(planes: usize, count: usize, values: usize): usize {
  const whole = count & ~15;
  for (let i: usize = 0; i < whole; i += 16, values += 64) {
    const at = planes + i;
    const a = v128.load(at);
    const b = v128.load(at + count);
    const c = v128.load(at + 2 * count);
    const d = v128.load(at + 3 * count);
    const ab = firstBytes(a, b);
    const cd = firstBytes(c, d);
    const ab2 = lastBytes(a, b);
    const cd2 = lastBytes(c, d);
    v128.store(values, v128.shuffle<i16>(ab, cd, 0, 8, 1, 9, 2, 10, 3, 11));
    v128.store(values + 16, v128.shuffle<i16>(ab, cd, 4, 12, 5, 13, 6, 14, 7, 15));
    v128.store(values + 32, v128.shuffle<i16>(ab2, cd2, 0, 8, 1, 9, 2, 10, 3, 11));
    v128.store(values + 48, v128.shuffle<i16>(ab2, cd2, 4, 12, 5, 13, 6, 14, 7, 15));
  }
  return whole;
}

/** Values of two bytes, sixteen at a time. @returns how many */
function twos(planes: usize, count: usize, values: usize): usize {
  const whole = count & ~15;
  for (let i: usize = 0; i < whole; i += 16, values += 32) {
    const a = v128.load(planes + i);
    const b = v128.load(planes + count + i);
    v128.store(values, firstBytes(a, b));
    v128.store(values + 16, lastBytes(a, b));
  }
  return whole;
}

/** The first eight bytes of each, in turns. */
function firstBytes(a: v128, b: v128): v128 {
  return v128.shuffle<i8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

/** The last eight bytes of each, in turns. */
function lastBytes(a: v128, b: v128): v128 {
  return v128.shuffle<i8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}
