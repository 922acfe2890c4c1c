/** Where a field is above or below. */
export interface Level {
  /** As ecCodes calls it, such as `isobaricInhPa`. */
  readonly type: string;
  /** Of a layer, its top. */
  readonly value: number;
  /** Of a layer. */
  readonly bottom?: number;
}

/** Of both editions. */
const TYPES: readonly (readonly [number, string])[] = [
  [1, "surface"],
  [2, "cloudBase"],
  [3, "cloudTop"],
  [4, "isothermZero"],
  [6, "maxWind"],
  [7, "tropopause"],
  [8, "nominalTop"],
  [9, "seaBottom"],
];

/** Of table 3 of edition 1: those that are layers have two values. */
const TYPES_1: ReadonlyMap<number, string> = new Map<number, string>([
  ...TYPES,
  [100, "isobaricInhPa"],
  [101, "isobaricLayer"],
  [102, "meanSea"],
  [103, "heightAboveSea"],
  [104, "heightAboveSeaLayer"],
  [105, "heightAboveGround"],
  [106, "heightAboveGroundLayer"],
  [107, "sigma"],
  [108, "sigmaLayer"],
  [109, "hybrid"],
  [110, "hybridLayer"],
  [111, "depthBelowLand"],
  [112, "depthBelowLandLayer"],
  [113, "theta"],
  [114, "thetaLayer"],
  [116, "pressureFromGroundLayer"],
  [117, "potentialVorticity"],
  [160, "depthBelowSea"],
  [200, "entireAtmosphere"],
  [201, "entireOcean"],
  [210, "isobaricInhPa"],
]);

/** Of table 4.5 of edition 2. */
const TYPES_2: ReadonlyMap<number, string> = new Map<number, string>([
  ...TYPES,
  [10, "atmosphere"],
  [20, "isothermal"],
  [100, "isobaricInhPa"],
  [101, "meanSea"],
  [102, "heightAboveSea"],
  [103, "heightAboveGround"],
  [104, "sigma"],
  [105, "hybrid"],
  [106, "depthBelowLand"],
  [107, "theta"],
  [108, "pressureFromGround"],
  [109, "potentialVorticity"],
  [151, "soil"],
  [152, "seaIce"],
  [160, "depthBelowSea"],
  [168, "oceanModel"],
  [169, "mixedLayerDepthByDensity"],
  [174, "iceTopOnWater"],
]);

/** Those that are one place only, whatever their value. */
const SINGLE = new Set(["surface", "meanSea", "nominalTop", "tropopause", "entireAtmosphere", "atmosphere"]);

const PASCALS_OF_EDITION_1 = 210;

/** @param value - its two bytes as one number */
export function levelOfEdition1(number: number, value: number): Level {
  const type = TYPES_1.get(number) ?? `level${number}`;
  if (type.endsWith("Layer")) return { type, value: value >> 8, bottom: value & 0xff };
  if (SINGLE.has(type)) return { type, value: 0 };
  return { type, value: number === PASCALS_OF_EDITION_1 ? value / 100 : value };
}

/** A fixed surface of edition 2. */
export interface Surface {
  readonly type: number;
  readonly value: number;
}

const NONE = 255;
const ISOBARIC = 100;

export function levelOfEdition2(first: Surface, second: Surface): Level {
  const type = TYPES_2.get(first.type) ?? `level${first.type}`;
  const value = valueOf(first);
  if (second.type === NONE) return { type, value: SINGLE.has(type) ? 0 : value };
  if (first.type === 1 && second.type === 8) return { type: "entireAtmosphere", value: 0 };
  const layer = first.type === ISOBARIC ? "isobaricLayer" : `${type}Layer`;
  return { type: first.type === second.type ? layer : `${type}To${second.type}`, value, bottom: valueOf(second) };
}

/** Pascals are told as hectopascals, so that all pressures lie along one axis. */
function valueOf({ type, value }: Surface): number {
  return type === ISOBARIC ? value / 100 : value;
}
