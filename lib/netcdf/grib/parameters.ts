import type { Level } from "./level.ts";
import { PARAMETER_TABLE } from "./parameter-table.ts";

/** What is measured. */
export interface Parameter {
  /** Of parameters that have the same code, too, is the same. */
  readonly code: string;
  /** ECMWF's number, where it is known. */
  readonly id?: number;
  readonly name: string;
  readonly units?: string;
  readonly longName?: string;
  readonly standardName?: string;
}

interface Entry extends Parameter {
  readonly id: number;
}

/** A code of an entry, and what else must be true. */
interface Condition {
  readonly entry: Entry;
  readonly facts: readonly string[];
}

let table:
  | { readonly byId: ReadonlyMap<number, Entry>; readonly byCode: ReadonlyMap<string, readonly Condition[]> }
  | undefined;

function parsed() {
  if (table !== undefined) return table;
  const byId = new Map<number, Entry>();
  const byCode = new Map<string, Condition[]>();
  for (const line of PARAMETER_TABLE.trim().split("\n")) {
    const [id, name = "", units, longName, standardName, codes = ""] = line.split("|").map((text) => text.trim());
    const entry: Entry = {
      code: `id ${id}`,
      id: Number(id),
      name,
      ...(units ? { units } : {}),
      ...(longName ? { longName } : {}),
      ...(standardName ? { standardName } : {}),
    };
    byId.set(entry.id, entry);
    for (const text of codes.split(" ")) {
      const [code = "", ...facts] = text.split("/");
      byCode.set(code, [...(byCode.get(code) ?? []), { entry, facts }]);
    }
  }
  table = { byId, byCode };
  return table;
}

/** The entry with the most conditions, of those whose conditions are met. */
function find(code: string, facts: ReadonlySet<string>): Parameter | undefined {
  const met = (parsed().byCode.get(code) ?? []).filter((condition) => condition.facts.every((fact) => facts.has(fact)));
  return met.toSorted((a, b) => b.facts.length - a.facts.length)[0]?.entry;
}

/** ECMWF's own numbers are those of its tables: the first has none. */
function ofEcmwf(tableNumber: number, number: number): Parameter {
  const FIRST = 128;
  const id = tableNumber === FIRST ? number : tableNumber * 1000 + number;
  return parsed().byId.get(id) ?? { code: `id ${id}`, id, name: `p${id}` };
}

/** Tables of edition 1 up to this one are WMO's. */
const LAST_OF_WMO = 3;

/** @param typeOfLevel - its number */
export function parameterOfEdition1(
  code: { readonly table: number; readonly number: number; readonly byEcmwf: boolean; readonly typeOfLevel: number },
  { value }: Level,
): Parameter {
  const { table: tableNumber, number } = code;
  if (tableNumber > LAST_OF_WMO && code.byEcmwf) return ofEcmwf(tableNumber, number);
  const known =
    tableNumber <= LAST_OF_WMO ? find(`1:${number}`, new Set([`s${code.typeOfLevel}`, `v${value}`])) : undefined;
  const name = `table${tableNumber}_param${number}`;
  return known ?? { code: name, name };
}

/** A parameter of edition 2. */
export interface Code2 {
  readonly discipline: number;
  readonly category: number;
  readonly number: number;
  readonly centre: number;
}

/** What decides, beside its code, what a parameter of edition 2 is. */
export interface Facts2 {
  /** Of the level. */
  readonly type: number;
  readonly value: number;
  /** Code table 4.10. */
  readonly statistic: number | undefined;
  readonly anomaly: boolean;
}

/** Parameters of edition 1 that ECMWF has carried over. */
const CARRIED_OVER = 192;
const ECMWF = 98;

export function parameterOfEdition2(code: Code2, { type, value, statistic, anomaly }: Facts2): Parameter {
  const { discipline, category, number, centre } = code;
  if (discipline === CARRIED_OVER && centre === ECMWF) return ofEcmwf(category, number);
  const text = `${discipline}.${category}.${number}`;
  const known = find(
    `2:${text}`,
    new Set([`s${type}`, `v${value}`, ...(statistic === undefined ? [] : [`p${statistic}`])]),
  );
  const name = `param_${text.replaceAll(".", "_")}`;
  const parameter = known ?? { code: `${text} of ${centre}`, name };
  return anomaly ? anomalyOf(parameter) : parameter;
}

function anomalyOf({ code, name, units, longName }: Parameter): Parameter {
  return {
    code: `${code} anomaly`,
    name: `${name}a`,
    longName: `${longName ?? name} anomaly`,
    ...(units === undefined ? {} : { units }),
  };
}
