import { InputError } from "../errors.ts";
import type { Dataset, NumericType, Slab, Variable } from "./dataset.ts";
import { isNumeric } from "./numeric-types.ts";

/** The variable of that name. @throws InputError `MissingVariable` */
export function findVariable({ variables, file }: Pick<Dataset, "variables" | "file">, name: string): Variable {
  const variable = variables.get(name);
  if (variable !== undefined) return variable;
  throw new InputError("MissingVariable", `there is no variable "${name}"`, { file, choices: [...variables.keys()] });
}

/** A read that can be done: a variable of numbers, and a slab inside it. */
export interface Read {
  readonly variable: Variable;
  readonly type: NumericType;
  readonly slab: Slab;
}

/** @throws InputError `MissingVariable`, `NotNumeric`, `BadSlab` */
export function checkRead(dataset: Pick<Dataset, "variables" | "file">, name: string, slab?: Slab): Read {
  const variable = findVariable(dataset, name);
  const { type, shape } = variable;
  if (!isNumeric(type)) {
    const numeric = [...dataset.variables.values()].filter((v) => isNumeric(v.type));
    throw new InputError("NotNumeric", `"${name}" is of type ${type}, not a number`, {
      file: dataset.file,
      choices: numeric.map((v) => v.name),
    });
  }
  if (slab === undefined) return { variable, type, slab: shape.map((size) => [0, size]) };
  const inside =
    slab.length === shape.length &&
    slab.every(([start, stop], d) => {
      const size = shape[d] ?? 0;
      return Number.isInteger(start) && Number.isInteger(stop) && 0 <= start && start <= stop && stop <= size;
    });
  if (!inside) {
    throw new InputError("BadSlab", `the slab ${slabText(slab)} is not inside "${name}"`, {
      file: dataset.file,
      hint: `Its shape is (${shape.join(", ")})`,
    });
  }
  return { variable, type, slab };
}

/** How many values a slab has along each dimension. */
export function countsOf(slab: Slab): number[] {
  return slab.map(([start, stop]) => stop - start);
}

export function product(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total * n, 1);
}

export function slabText(slab: Slab): string {
  return `[${slab.map(([start, stop]) => `${start}:${stop}`).join(", ")}]`;
}
