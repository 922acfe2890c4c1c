import { InputError } from "../../errors.ts";
import type { Attributes, Variable } from "../dataset.ts";
import { product } from "../slab.ts";
import { COORDINATE_ATTRIBUTES, type Coordinates, levelAttributes, texts } from "./coordinates.ts";
import type { Field } from "./field.ts";
import { told } from "./messages.ts";
import { type Axis, distinct, timeAxesOf } from "./time-axes.ts";

/** A variable, and the field of each position along all but its last two dimensions, which are those of the grid. */
export interface GribVariable {
  readonly variable: Variable;
  /** Undefined where the file has no such field. */
  readonly fields: readonly (Field | undefined)[];
}

/** All that a file has, as variables. */
export interface Variables {
  readonly variables: readonly GribVariable[];
  readonly repeated: readonly Repeated[];
}

/** A field that the file has again. */
export interface Repeated {
  readonly variable: string;
  readonly first: Field;
  readonly again: Field;
}

/** Positions of a variable: what a file may have fields for, were it whole. */
const MOST_POSITIONS = 2 ** 20;

/**
 * Makes variables of fields: those of one parameter, kind of level, statistic and grid are one.
 *
 * @throws InputError `TooLarge`, `BrokenFile`
 */
export function variablesOf(fields: readonly Field[], coordinates: Coordinates, file: string): Variables {
  const groups = Map.groupBy(fields, groupOf);
  const names = new Map<string, Field>();
  const repeated: Repeated[] = [];
  const variables = Array.from(groups.values(), (group) => {
    const name = nameOf(group[0]!, names);
    names.set(name, group[0]!);
    return variableOf(name, group, { coordinates, file, repeated });
  });
  return { variables, repeated };
}

function groupOf({ parameter, level, time, variant, grid, dataType }: Field): string {
  // Control and perturbed forecasts are members of one ensemble.
  const kind = dataType === "cf" ? "pf" : dataType;
  return [parameter.code, level.type, time.statistic, variant, kind, grid.key].join("\n");
}

/** The parameter's name; where that is taken, with what tells this one from the first, else with a number. */
function nameOf(field: Field, taken: ReadonlyMap<string, Field>): string {
  const { name } = field.parameter;
  const first = taken.get(name);
  if (first === undefined) return name;
  const others = wordsOf(first);
  const base = [name, ...wordsOf(field).filter((word) => !others.includes(word))].join("_");
  let free = base;
  for (let number = 2; taken.has(free); number++) free = `${base}_${number}`;
  return free;
}

function wordsOf({ level, time, dataType }: Field): string[] {
  return [level.type, time.statistic, ...(dataType === undefined ? [] : [dataType])];
}

interface Making {
  readonly coordinates: Coordinates;
  readonly file: string;
  readonly repeated: Repeated[];
}

function variableOf(name: string, fields: readonly Field[], { coordinates, file, repeated }: Making): GribVariable {
  const [first] = fields as [Field];
  const times = timeAxesOf(fields);
  const axes = [...memberAxis(fields), ...times.axes, levelAxis(fields)];
  const [along, single] = [axes.filter(isDimension), axes.filter((axis) => !isDimension(axis))];
  const positions = product(along.map(({ values }) => values.length));
  if (positions > MOST_POSITIONS) {
    throw new InputError("TooLarge", `"${name}" has fields at ${fields.length} of ${positions} positions`, {
      file,
      hint: "Split the file by what differs, e.g. grib_copy in.grib out.[dataDate].grib",
    });
  }
  const named = new Map(along.map((axis) => [axis.name, coordinates.dimension(axis)]));
  const auxiliary = [
    ...single.map((axis) => coordinates.auxiliary(axis, [])),
    ...times.addAuxiliaries(coordinates, named),
  ];
  const [latitude, longitude] = gridDimensions(first, coordinates, file);
  const dimensions = [...named.values(), latitude, longitude];
  const { rows, columns } = first.grid;
  const variable: Variable = {
    name,
    type: fields.some(isPrecise) ? "float64" : "float32",
    dimensions,
    shape: [...along.map(({ values }) => values.length), rows, columns],
    attributes: { ...attributesOf(first), ...texts({ coordinates: auxiliary.join(" ") }) },
    chunks: [...along.map(() => 1), rows, columns],
  };
  const placeOf = placeAlong(along);
  const all = Array.from<Field | undefined>({ length: positions });
  for (const field of fields) {
    const at = placeOf(field);
    const before = all[at];
    if (before === undefined) all[at] = field;
    else repeated.push({ variable: name, first: before, again: field });
  }
  return { variable, fields: all };
}

/** More digits than a float of 32 bits has. */
function isPrecise({ packing }: Field): boolean {
  const SINGLE = 24;
  return packing.kind === "ieee" ? packing.precision === 2 : packing.bits > SINGLE;
}

function isDimension({ values, kept }: Axis): boolean {
  return values.length > 1 || kept === true;
}

function memberAxis(fields: readonly Field[]): Axis[] {
  if (fields.every(({ member }) => member === undefined)) return [];
  const valueOf = ({ member }: Field) => member ?? 0;
  return [{ name: "number", values: distinct(fields, valueOf), attributes: COORDINATE_ATTRIBUTES.number, valueOf }];
}

function levelAxis(fields: readonly Field[]): Axis {
  const { type } = fields[0]!.level;
  const valueOf = ({ level }: Field) => level.value;
  const values = distinct(fields, valueOf);
  return {
    name: type,
    // From the ground up.
    values: type.startsWith("isobaric") ? values.reverse() : values,
    attributes: levelAttributes(type),
    valueOf,
  };
}

function gridDimensions({ grid, message }: Field, coordinates: Coordinates, file: string): [string, string] {
  const [latitudes, longitudes] = told(file, message, () => [grid.latitudes(), grid.longitudes()] as const);
  const { latitude, longitude } = COORDINATE_ATTRIBUTES;
  return [
    coordinates.dimension({ name: "latitude", values: latitudes, attributes: latitude }),
    coordinates.dimension({ name: "longitude", values: longitudes, attributes: longitude }),
  ];
}

/** Where a field is among all along these axes. */
function placeAlong(axes: readonly Axis[]): (field: Field) => number {
  const places = axes.map(({ values }) => new Map(Array.from(values, (value, i) => [value, i])));
  return (field) =>
    axes.reduce((at, { values, valueOf }, d) => at * values.length + places[d]!.get(valueOf(field))!, 0);
}

/** As cfgrib gives them, of those that are used here or tell the field from others. */
function attributesOf({ parameter, level, time, dataType, grid, variant }: Field): Attributes {
  const { id, name, units, longName, standardName } = parameter;
  return {
    ...(id === undefined ? {} : { GRIB_paramId: { type: "int32", value: [id] } as const }),
    ...texts({
      ...(dataType === undefined ? {} : { GRIB_dataType: dataType }),
      GRIB_typeOfLevel: level.type,
      GRIB_stepType: time.statistic,
      GRIB_gridType: grid.type,
      ...(variant === "" ? {} : { GRIB_variant: variant }),
      long_name: longName ?? `unknown parameter ${name}`,
      ...(units === undefined ? {} : { units }),
      ...(standardName === undefined ? {} : { standard_name: standardName }),
    }),
  };
}
