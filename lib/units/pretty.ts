import { type Factor, factorsOf } from "./syntax.ts";
import { definitionOf } from "./table.ts";

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * A unit for people: `°C`, `mm/day`, `kg m⁻² s⁻¹`, however it is spelled; nothing for a plain number such as `1` or
 * `fraction`. A text that is not understood is shown as it stands.
 */
export function prettyUnits(text: string): string {
  const shown: Factor[] = [];
  for (const { word, power } of factorsOf(text) ?? [{ word: text, power: 1 }]) {
    const symbol = /^[\d.]/.test(word) ? word.replace(/^1$/, "") : definitionOf(word)?.symbol;
    if (symbol === undefined) return text.trim();
    if (symbol !== "" && power !== 0) shown.push({ word: symbol, power });
  }
  const above = shown.filter(({ power }) => power > 0);
  const below = shown.filter(({ power }) => power < 0);
  // One thing by another is read most easily with a stroke, as long as nothing is raised below it.
  if (above.length > 0 && below.length === 1 && below[0]!.power === -1) {
    return `${above.map(raisedText).join(" ")}/${below[0]!.word}`;
  }
  return shown.map(raisedText).join(" ");
}

function raisedText({ word, power }: Factor): string {
  if (power === 1) return word;
  const digits = Array.from(String(Math.abs(power)), (digit) => SUPERSCRIPTS[Number(digit)]).join("");
  return `${word}${power < 0 ? "⁻" : ""}${digits}`;
}
