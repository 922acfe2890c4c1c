import { numberText } from "./number-text.ts";

/** What {@link writeFloat} and {@link writeDouble} write at most, in bytes: sign, seventeen digits, point, and an exponent of three digits. */
export const LONGEST_NUMBER = 25;

const ZERO = 48;
const POINT = 46;
const MINUS = 45;
const HALF = 1e8;

/** Exponents of two of the values that are written the fast way: from 0.001 to 16384. */
const LEAST = -10;
const MOST = 13;

/** By exponent of two of a value. */
interface Scale {
  /** Decimals of which the last one is less than the distance of neighbouring doubles: enough to tell them apart. */
  readonly decimals: number;
  /** 5 ** decimals, as high * 2 ** 26 + low. */
  readonly high: number;
  readonly low: number;
  /** What the product with it is then multiplied by, above and below its 26 low bits. */
  readonly up: number;
  readonly down: number;
  /** Half the distance of neighbouring doubles, in units of the last decimal. */
  readonly reach: number;
}

const SCALES: readonly Scale[] = Array.from({ length: MOST - LEAST + 1 }, (_, i) => {
  const exponent = LEAST + i;
  const decimals = Math.ceil((52 - exponent) * Math.log10(2));
  const power = 5 ** decimals;
  const low = power % 2 ** 26;
  const shift = 23 - exponent - decimals;
  return {
    decimals,
    high: (power - low) / 2 ** 26,
    low,
    up: 2 ** (26 - shift),
    down: 2 ** -shift,
    reach: 10 ** decimals * 2 ** (exponent - 53),
  };
});

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/**
 * Writes a float32 as {@link numberText} has it, in ASCII: the shortest decimal of the double that it widens to.
 *
 * A value m * 2 ** q with 24 bits of m is scaled to 10 ** decimals in exact arithmetic, as two numbers that doubles hold;
 * then decimals are dropped as long as what remains is nearer than the next double. Whatever is not decided that way, and
 * values that are very small or large, take the slow way, which is the definition.
 *
 * @returns where the next byte goes
 */
export function writeFloat(into: Uint8Array, at: number, value: number): number {
  float[0] = value;
  const word = bits[0]!;
  const scale = SCALES[((word >>> 23) & 255) - 127 - LEAST];
  const fraction = word & 0x7fffff;
  // Below a power of two, doubles lie closer together than above it.
  if (scale === undefined || fraction === 0) return writeText(into, at, numberText(value));
  const { decimals, high, low, up, down, reach } = scale;

  // value * 10 ** decimals is a * up + b * down.
  const mantissa = fraction + 0x800000;
  const lower = mantissa * low;
  const carry = Math.floor(lower * 2 ** -26);
  const a = mantissa * high + carry;
  const b = lower - carry * 2 ** 26;
  const shifted = b * down;
  const whole = Math.floor(shifted);
  const rest = shifted - whole;
  // Its whole part in two halves, the lower one of eight digits.
  const aHigh = Math.floor(a / HALF);
  const middle = (a - aHigh * HALF) * up + whole;
  const middleHigh = Math.floor(middle / HALF);
  let top = (aHigh * up + middleHigh) | 0;
  // As whole numbers of 32 bits: a remainder of doubles takes longer than all of this.
  let bottom = (middle - middleHigh * HALF) | 0;
  let kept = decimals;
  let unit = 1;
  for (let next = 10, tail = (bottom % 10) + rest; Math.min(tail, next - tail) < reach; tail = (bottom % next) + rest) {
    unit = next;
    kept--;
    next = (next * 10) | 0;
    // So many digits are dropped only from numbers such as 0.5, which the slow way writes as fast.
    if (next >= HALF) return writeText(into, at, numberText(value));
  }
  if (unit === 1) {
    if (rest === 0.5) return writeText(into, at, numberText(value));
    if (rest > 0.5) bottom++;
  } else {
    const tail = bottom % unit;
    bottom += ((tail + rest) * 2 > unit ? unit : 0) - tail;
  }
  if (bottom >= HALF) {
    bottom -= HALF;
    top++;
  }
  if (word >>> 31 === 1) into[at++] = MINUS;
  return writeDigits(into, at, { top, bottom, decimals, kept });
}

/** The number (top * 10 ** 8 + bottom) / 10 ** decimals, of whose decimals all that are not `kept` are zeros. */
interface Decimal {
  readonly top: number;
  readonly bottom: number;
  readonly decimals: number;
  readonly kept: number;
}

function writeDigits(into: Uint8Array, at: number, { top, bottom, decimals, kept }: Decimal): number {
  // Decimals of the upper half; it is at most 2 ** 57 / 10 ** 8, so that whole numbers of 32 bits do.
  const upper = decimals - 8;
  const power = POWERS[upper]!;
  const integer = Math.floor(top / power);
  at = writeInteger(into, at, integer);
  into[at++] = POINT;
  const end = at + decimals;
  const lower = (bottom / FOUR) | 0;
  writeFour(into, end - 4, bottom - lower * FOUR);
  writeFour(into, end - 8, lower);
  let digits = (top - integer * power) | 0;
  let i = end - 12;
  for (; i >= at; i -= 4) {
    const next = (digits / FOUR) | 0;
    writeFour(into, i, digits - next * FOUR);
    digits = next;
  }
  for (i += 3; i >= at; i--) {
    const next = (digits / 10) | 0;
    into[i] = ZERO + digits - next * 10;
    digits = next;
  }
  return at + kept;
}

const FOUR = 10_000;

/** The texts of 0000 to 9999, a byte for each digit, the first one lowest. Counted up: a call for each takes longer. */
const FOUR_DIGITS = fourDigits();

function fourDigits(): Uint32Array {
  const texts = new Uint32Array(FOUR);
  let n = 0;
  for (let a = 0; a < 10; a++) {
    for (let b = 0; b < 10; b++) {
      for (let c = 0; c < 10; c++) {
        const first = (ZERO + a) | ((ZERO + b) << 8) | ((ZERO + c) << 16);
        for (let d = 0; d < 10; d++) texts[n++] = first | ((ZERO + d) << 24);
      }
    }
  }
  return texts;
}

function writeFour(into: Uint8Array, at: number, value: number): void {
  const text = FOUR_DIGITS[value]!;
  into[at] = text;
  into[at + 1] = text >>> 8;
  into[at + 2] = text >>> 16;
  into[at + 3] = text >>> 24;
}

const POWERS = Array.from({ length: 12 }, (_, i) => 10 ** i);

function writeInteger(into: Uint8Array, at: number, value: number): number {
  const end = at + (value < 10 ? 1 : value < 100 ? 2 : value < 1000 ? 3 : value < 10_000 ? 4 : 5);
  for (let i = end - 1; i >= at; i--) {
    const next = (value / 10) | 0;
    into[i] = ZERO + value - next * 10;
    value = next;
  }
  return end;
}

/** Writes a double as {@link numberText} has it, in ASCII. @returns where the next byte goes */
export function writeDouble(into: Uint8Array, at: number, value: number): number {
  return writeText(into, at, numberText(value));
}

/** Writes text of ASCII letters. @returns where the next byte goes */
export function writeText(into: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) into[at + i] = text.charCodeAt(i);
  return at + text.length;
}
