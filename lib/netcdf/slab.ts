import { InputError } from "../errors.ts";
import type { Dataset, NumericType, Slab, Variable } from "./dataset.ts";
import { isNumeric } from "./numeric-types.ts";

/** The variable of that name. @throws InputError `MissingVariable` */
export function findVariable({ variables, file }: Pick<Dataset, "variables" | "file">, name: string): Variable {
  const variable = variables.get(name);
  if (variable !== undefined) return variable;
  throw new InputError("MissingVariable", `there is no variable "${name}"`, {
    file,
    choices: [...variables.keys()],
    ...(variables.size === 0 ? { hint: "Variables are read from the file's root group alone" } : {}),
  });
}

/** A variable of numbers. */
export interface NumericVariable {
  readonly variable: Variable;
  readonly type: NumericType;
}

/** The variable of that name, if it holds numbers. @throws InputError `MissingVariable`, `NotNumeric` */
export function findNumeric(dataset: Pick<Dataset, "variables" | "file">, name: string): NumericVariable {
  const variable = findVariable(dataset, name);
  const { type } = variable;
  if (isNumeric(type)) return { variable, type };
  const numeric = [...dataset.variables.values()].filter((v) => isNumeric(v.type));
  throw new InputError("NotNumeric", `"${name}" is of type ${type}, not a number`, {
    file: dataset.file,
    choices: numeric.map((v) => v.name),
  });
}

/** A read that can be done: a variable of numbers, and a slab inside it. */
export interface Read extends NumericVariable {
  readonly slab: Slab;
}

/** Values that one read may give: more than a forecast of many members has, and less than a machine can hold. */
const MOST_VALUES = 2 ** 27;

/** A read in pieces, which may be of any size. @throws InputError `MissingVariable`, `NotNumeric`, `BadSlab` */
export function checkPieces(dataset: Pick<Dataset, "variables" | "file">, name: string, slab?: Slab): Read {
  const { variable, type } = findNumeric(dataset, name);
  const wanted: Slab = slab ?? variable.shape.map((size) => [0, size]);
  requireInside(dataset.file, variable, wanted);
  return { variable, type, slab: wanted };
}

/** What is read from, and how many values a file of its size can have for one read. */
export interface ReadFrom extends Pick<Dataset, "variables" | "file"> {
  readonly mostValues?: number;
}

/** @throws InputError `MissingVariable`, `NotNumeric`, `BadSlab`, `TooLarge` */
export function checkRead(dataset: ReadFrom, name: string, slab?: Slab): Read {
  const read = checkPieces(dataset, name, slab);
  const values = product(countsOf(read.slab));
  const most = Math.min(MOST_VALUES, dataset.mostValues ?? MOST_VALUES);
  if (values > most) {
    throw new InputError("TooLarge", `"${name}" declares ${values} values at ${slabText(read.slab)}`, {
      file: dataset.file,
      hint: `At most ${most} are read at once: cut the file smaller, if it is not damaged`,
    });
  }
  return read;
}

function requireInside(file: string, { name, shape }: Variable, slab: Slab): void {
  const inside =
    slab.length === shape.length &&
    slab.every(([start, stop], d) => {
      const size = shape[d] ?? 0;
      return Number.isInteger(start) && Number.isInteger(stop) && 0 <= start && start <= stop && stop <= size;
    });
  if (inside) return;
  throw new InputError("BadSlab", `the slab ${slabText(slab)} is not inside "${name}"`, {
    file,
    hint: `Its shape is (${shape.join(", ")})`,
  });
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
