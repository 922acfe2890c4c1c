/** What packed integers mean: `(reference + integer * 2^binary) * 10^-decimal`. */
export interface Scale {
  readonly reference: number;
  readonly binary: number;
  readonly decimal: number;
}

/** Makes values of packed integers, in place, in the order of operations of ecCodes: other orders round differently. */
export function scaled(values: Float64Array, { reference, binary, decimal }: Scale): Float64Array {
  const step = 2 ** binary;
  const factor = powerOfTen(-decimal);
  for (let i = 0; i < values.length; i++) values[i] = (values[i]! * step + reference) * factor;
  return values;
}

/** By so many divisions or multiplications, each of which rounds, as ecCodes does it. */
function powerOfTen(exponent: number): number {
  let power = 1;
  for (let i = exponent; i < 0; i++) power /= 10;
  for (let i = exponent; i > 0; i--) power *= 10;
  return power;
}
