import type { Random } from "./random.ts";

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** The continents as ellipses: centre and semi-axes in degrees, latitude first. China lies whole in the first. */
const CONTINENTS = [
  { name: "East Asia", lat: 47, lon: 92, height: 27, width: 50 },
  { name: "Europe", lat: 53, lon: 25, height: 15, width: 35 },
  { name: "Siberia", lat: 63, lon: 105, height: 11, width: 70 },
  { name: "India", lat: 20, lon: 78, height: 12, width: 9 },
  { name: "Indochina", lat: 15, lon: 102, height: 9, width: 9 },
  { name: "Arabia", lat: 25, lon: 48, height: 13, width: 12 },
  { name: "North Africa", lat: 18, lon: 12, height: 17, width: 28 },
  { name: "South Africa", lat: -10, lon: 26, height: 24, width: 14 },
  { name: "North America", lat: 50, lon: 258, height: 22, width: 38 },
  { name: "South America", lat: -15, lon: 300, height: 27, width: 18 },
  { name: "Greenland", lat: 73, lon: 320, height: 10, width: 18 },
  { name: "Australia", lat: -25, lon: 134, height: 13, width: 20 },
] as const;

/** Whether a point (degrees, any longitude) is land in the sample's world. */
export function isLand(lat: number, lon: number): boolean {
  return CONTINENTS.some((c) => {
    const east = ((((lon - c.lon + 180) % 360) + 360) % 360) - 180;
    return ((lat - c.lat) / c.height) ** 2 + (east / c.width) ** 2 < 1;
  });
}

/**
 * The mean precipitation of a calendar month, mm/day, always positive: rain belts at the equator and in the middle
 * latitudes, wet eastern Asia and dry Sahara, and a monsoon that peaks in the hemisphere's midsummer. Made to look
 * right, after no data.
 *
 * @param month 0 for January
 */
export function meanPrecipitation(lat: number, lon: number, month: number): number {
  const belts = 0.5 + 5 * Math.exp(-((lat / 22) ** 2)) + 0.8 * Math.exp(-(((Math.abs(lat) - 48) / 12) ** 2));
  const moisture = 1 + 0.75 * Math.cos(radians(2 * (lon - 115)));
  const monsoon = 1 + 0.9 * Math.tanh(lat / 25) * Math.cos(radians(30 * (month - 6)));
  return belts * moisture * monsoon;
}

/**
 * What makes one month's precipitation after another on a grid: its calendar month's mean, times a random field.
 *
 * @returns a function of the calendar month, 0 for January, to shape (lat, lon), row-major: mm/day, rounded to 0.01,
 * sea NaN
 */
export function precipitationMaker(lat: Float32Array, lon: Float32Array, random: Random) {
  const means = Array.from({ length: 12 }, (_, month) =>
    Float32Array.from(
      Array.from(lat, (y) =>
        Array.from(lon, (x) => (isLand(y, x) ? meanPrecipitation(y, x, month) : Number.NaN)),
      ).flat(),
    ),
  );
  return (month: number): Float32Array => {
    const noise = smoothField(random, lat, lon);
    // Precipitation is skewed, and never negative: the exponential of a normal field is a fair likeness.
    return (means[month] ?? noise).map((mean, cell) =>
      Number.isNaN(mean) ? mean : Math.round(100 * mean * Math.exp(0.45 * noise[cell]! - 0.1)) / 100,
    );
  };
}

/** How many waves make up one field: enough to hide that they are waves. */
const WAVES = 12;

/**
 * A smooth random field of mean 0 and variance about 1, without unit: standing waves of random phase that are whole
 * around the globe, none of them shorter than 36 degrees, so that neighbours are alike as in a monthly mean.
 *
 * @param lat degrees, of the rows
 * @param lon degrees, of the columns
 * @returns shape (lat, lon), row-major, no NaN
 */
export function smoothField(random: Random, lat: ArrayLike<number>, lon: ArrayLike<number>): Float32Array {
  const field = new Float32Array(lat.length * lon.length);
  const wave = (degrees: ArrayLike<number>): Float64Array => {
    const waveNumber = 1 + Math.floor(random() * 10);
    const phase = random() * 2 * Math.PI;
    return Float64Array.from(degrees, (d) => Math.cos(waveNumber * radians(d) + phase));
  };
  const amplitude = 2 / Math.sqrt(WAVES); // a product of two cosines has the variance 1/4
  for (let i = 0; i < WAVES; i++) {
    const north = wave(lat);
    const east = wave(lon);
    for (let row = 0; row < lat.length; row++) {
      const crest = amplitude * north[row]!;
      const first = row * lon.length;
      for (let column = 0; column < lon.length; column++) field[first + column]! += crest * east[column]!;
    }
  }
  return field;
}
