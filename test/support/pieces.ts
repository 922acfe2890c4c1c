import { expect } from "vitest";
import type { Dataset, Slab } from "../../lib/netcdf/dataset.ts";
import { countsOf, product } from "../../lib/netcdf/slab.ts";

/** The values of a slab, picked from those of the whole variable one by one. */
export function picked<T>(whole: ArrayLike<T>, shape: readonly number[], slab: Slab): T[] {
  const values: T[] = [];
  const walk = (d: number, at: number): void => {
    if (d === shape.length) values.push(whole[at]!);
    else for (let i = slab[d]![0]; i < slab[d]![1]; i++) walk(d + 1, at + i * product(shape.slice(d + 1)));
  };
  walk(0, 0);
  return values;
}

/** The slabs of the pieces of a whole variable. */
export async function piecesOf(dataset: Dataset, name: string): Promise<Slab[]> {
  const pieces: Slab[] = [];
  const { shape } = dataset.variables.get(name)!;
  const whole = shape.map((size) => [0, size] as const);
  await dataset.readPieces(name, whole, (piece) => pieces.push(piece));
  return pieces;
}

/** The values of a slab, put together from its pieces: each has to come once. */
export async function joined(dataset: Dataset, name: string, slab: Slab): Promise<number[]> {
  const counts = countsOf(slab);
  const values = Array.from<number | undefined>({ length: product(counts) });
  await dataset.readPieces(name, slab, (piece, part) => {
    let from = 0;
    const walk = (d: number, at: number): void => {
      if (d === piece.length) {
        expect(values[at]).toBeUndefined();
        values[at] = Number(part[from++]);
        return;
      }
      for (let i = piece[d]![0]; i < piece[d]![1]; i++)
        walk(d + 1, at + (i - slab[d]![0]) * product(counts.slice(d + 1)));
    };
    walk(0, 0);
    expect(from).toBe(part.length);
  });
  return values as number[];
}
