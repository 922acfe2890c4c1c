/** What hostile files try to get: planted.h5 is full of it. Its bytes are another number for every type and offset. */
export const SECRET = "s2s~key!".repeat(100);

const WINDOWS = [4, 8].map((size) => {
  const bytes = Buffer.from(SECRET);
  return { size, pieces: new Set(Array.from({ length: 8 }, (_, at) => bytes.toString("hex", at, at + size))) };
});

/** Ways in which its bytes could stand in a text: a piece of each is enough. */
const TEXTS = [
  ...Array.from({ length: 8 }, (_, at) => SECRET.slice(at, at + 6)),
  ...Array.from({ length: 8 }, (_, at) => Buffer.from(SECRET.slice(at, at + 12)).toString("base64")),
  ...Array.from({ length: 8 }, (_, at) => Buffer.from(SECRET.slice(at, at + 6)).toString("hex")),
];

const NUMBER = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi;

/** Whatever in an output is made of the secret: its text, base64 or hex, or a number that has its bytes. */
export function tracesOfSecret(output: string): string[] {
  const numbers = output.match(NUMBER) ?? [];
  return [...TEXTS.filter((text) => output.includes(text)), ...numbers.filter((text) => hasItsBytes(Number(text)))];
}

function hasItsBytes(number: number): boolean {
  const [single, double, whole] = [Buffer.alloc(4), Buffer.alloc(8), Buffer.alloc(4)];
  single.writeFloatLE(number);
  double.writeDoubleLE(number);
  if (Number.isInteger(number) && number >= 0 && number < 2 ** 32) whole.writeUInt32LE(number);
  return [single, double, whole].some((bytes) =>
    WINDOWS.some(
      ({ size, pieces }) =>
        size === bytes.length &&
        (pieces.has(bytes.toString("hex")) || pieces.has(Buffer.from(bytes).reverse().toString("hex"))),
    ),
  );
}
