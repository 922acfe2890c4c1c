import type { Variable } from "./dataset.ts";

/** An attribute's text without the spaces around it; empty where there is none. */
export function textOf({ attributes }: Variable, attribute: string): string {
  const value = attributes[attribute]?.value;
  return typeof value === "string" ? value.trim() : "";
}
