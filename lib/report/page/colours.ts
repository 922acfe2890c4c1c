import { scaleDiverging } from "d3-scale";
import { interpolateBrBG, interpolatePuOr, interpolateRdBu } from "d3-scale-chromatic";
import type { PageData } from "../page-data.ts";

/** A diverging colour scale, centred on zero; all of them can be told apart by the colour-blind. */
export interface Colours {
  readonly of: (value: number) => string;
  /** The greatest size of an anomaly that has a colour of its own. */
  readonly limit: number;
  /** The values that a legend names; by default the ends, the middles between them and zero, and zero. */
  readonly ticks?: readonly number[];
  /** Words for what lies below and above normal. */
  readonly below: string;
  readonly above: string;
}

const WET = /^(mm|cm|kg m⁻²)|precip|prate|rain|^pre?$|^tp$/i;
const WARM = /^(K|°[CF])$|temp|^(tas|sst|air|t2m|t)$/i;

/** Below normal, normal, above normal on a dark page: there the strong ones are to shine, not what is normal. */
const DARK = {
  water: ["#e5ab52", "#3b444d", "#52d3c3"],
  warmth: ["#6fb6f5", "#3b444d", "#f57f6c"],
  other: ["#f0a35a", "#3b444d", "#b9a3ef"],
} as const;
const LIGHT = {
  water: interpolateBrBG,
  warmth: (t: number) => interpolateRdBu(1 - t),
  other: interpolatePuOr,
} as const;
const WORDS = {
  water: { below: "drier", above: "wetter" },
  warmth: { below: "colder", above: "warmer" },
  other: { below: "below normal", above: "above normal" },
} as const;

/** Colours for the values of a forecast: brown and green for water, blue and red for warmth, orange and purple for others. */
export function coloursFor(variable: PageData["variable"], values: readonly number[], dark: boolean): Colours {
  const limit = limitOf(values);
  const kind = kindOf(variable);
  const scale = scaleDiverging<string>().domain([-limit, 0, limit]).clamp(true);
  return { of: dark ? scale.range(DARK[kind]) : scale.interpolator(LIGHT[kind]), limit, ...WORDS[kind] };
}

/** Percents from normal that classes end at, as on the maps of the routine that the series are made for. */
const CLASSES: readonly number[] = [-50, -20, 20, 50];
const CLASS_LIMIT = 80;

/** The same colours for a forecast in percent of its normal, one for each class. */
export function classColours(variable: PageData["variable"], dark: boolean): Colours {
  const { of, limit, below, above } = coloursFor(variable, [1], dark);
  const classOf = (percent: number) => CLASSES.filter((end) => percent > end).length;
  const strength = (percent: number) => (classOf(percent) / CLASSES.length) * 2 - 1;
  return { of: (percent) => of(limit * strength(percent)), limit: CLASS_LIMIT, ticks: CLASSES, below, above };
}

function kindOf({ units = "", name, column }: PageData["variable"]): keyof typeof WORDS {
  const is = (words: RegExp) => [units, name, column].some((word) => words.test(word));
  return is(WET) ? "water" : is(WARM) ? "warmth" : "other";
}

/** What 95 of 100 values lie within, as 1, 1.5, 2, 3, 5 or 7.5 times a power of ten: a few outliers must not pale all others. */
function limitOf(values: readonly number[]): number {
  const sizes = values
    .filter(Number.isFinite)
    .map(Math.abs)
    .sort((a, b) => a - b);
  const most = sizes[Math.floor(0.95 * (sizes.length - 1))] ?? 1;
  if (most === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 1.5, 2, 3, 5, 7.5, 10].find((digit) => digit * power >= most) ?? 10) * power;
}
