import type { Warning } from "../warning.ts";
import { converter } from "./converter.ts";
import { prettyUnits } from "./pretty.ts";
import { unitOf } from "./unit.ts";

/** What is said of a variable's units. */
export interface SaidUnits {
  /** The variable and its file. */
  readonly of: string;
  readonly attribute: string | undefined;
  /** By the product, whose word counts. */
  readonly product: string | undefined;
}

/** The units of a variable; undefined where nobody tells them, or with a blank text. */
export function chosenUnits({ attribute, product }: Pick<SaidUnits, "attribute" | "product">): string | undefined {
  return [product, attribute].find((text) => text !== undefined && text.trim() !== "");
}

/** A warning where the product says other units than the file: the file may have been corrected since. */
export function overrideWarnings({ of, attribute, product }: SaidUnits): Warning[] {
  if (attribute === undefined || product === undefined) return [];
  const [said, counts] = [unitOf(attribute), unitOf(product)];
  if (said === undefined || counts === undefined) return [];
  // Of the units that differ by the month's length, any month tells.
  if (attribute.trim() === product.trim() || converter(said, counts)?.(0) === 1) return [];
  const message = `the units of ${of} are ${attribute} by its attribute and ${product} by the product, whose word counts`;
  return [{ kind: "unitsOverridden", message }];
}

/** Whether values in two units are the same numbers, zero points counted: `degC` and `K` are not, `mm/d` and `kg m-2 d-1` are. */
export function sameScale(a: string, b: string): boolean {
  if (prettyUnits(a) === prettyUnits(b)) return true;
  const [one, other] = [unitOf(a), unitOf(b)];
  if (one === undefined || other === undefined || one.powers.temperature !== 0) return false;
  return converter(one, other)?.(0) === 1;
}
