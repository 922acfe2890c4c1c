/**
 * The shortest decimal that reads back as the same double, as Python's `repr` writes it and so as pandas' `to_csv`
 * does: `-0.953000545501709`, `0.0`, `1e-05`, `1.5e+16`, `nan`, `inf`.
 *
 * JavaScript finds the same digits (both are the shortest that round-trip) but lays them out otherwise: it writes no
 * `.0`, and turns to exponents at 1e-7 and 1e21 where Python does at 1e-5 and 1e16.
 */
export function numberText(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e16) {
    const text = String(value);
    return Number.isInteger(value) ? `${text}.0` : text;
  }
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  if (Number.isNaN(value)) return "nan";
  if (size === Infinity) return value < 0 ? "-inf" : "inf";
  const [digits, exponent] = value.toExponential().split("e") as [string, string];
  return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
}
