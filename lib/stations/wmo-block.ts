/**
 * Where the stations of the WMO's blocks lie, generously: first and last block, south, north, west, east, degrees. A block
 * is the first two digits of a station's five-digit number. Left out are blocks whose stations lie apart, at the date line
 * or on scattered islands.
 *
 * Source: WMO-No. 9, Volume A, Observing Stations; the boxes hold 99 % of the stations that NOAA's Integrated Surface
 * Database lists under such a number.
 */
const BLOCKS = [
  [1, 1, 56, 81, -10, 33], // Norway
  [2, 2, 55, 71, 10, 33], // Sweden, Finland
  [3, 3, 49, 61, -11, 3], // British Isles
  [4, 4, 59, 84, -74, -10], // Greenland, Iceland
  [6, 6, 45, 63, -8, 16], // Denmark, Netherlands, Belgium, Switzerland
  [7, 7, 41, 52, -6, 10], // France
  [8, 8, 14, 44, -32, 5], // Iberia and its islands
  [9, 10, 47, 56, 5, 16], // Germany
  [11, 12, 45, 56, 9, 25], // Austria, Czechia, Slovakia, Poland, Hungary
  [13, 14, 39, 47, 13, 24], // the west of the Balkans
  [15, 15, 41, 49, 20, 30], // Romania, Bulgaria
  [16, 16, 34, 48, 6, 30], // Italy, Greece, Malta
  [17, 17, 34, 43, 25, 45], // Turkey, Cyprus
  [22, 22, 60, 71, 28, 51], // from here to 38: Russia and its neighbours
  [23, 23, 60, 71, 50, 101],
  [24, 24, 60, 71, 100, 151],
  [26, 26, 52, 61, 19, 36],
  [27, 27, 52, 61, 35, 53],
  [28, 28, 52, 61, 50, 76],
  [29, 29, 52, 61, 75, 101],
  [30, 30, 49, 61, 100, 126],
  [31, 31, 42, 61, 125, 151],
  [32, 32, 43, 61, 141, 168],
  [33, 33, 44, 53, 22, 37],
  [34, 34, 44, 53, 35, 51],
  [35, 35, 44, 53, 50, 76],
  [36, 36, 41, 53, 75, 98],
  [37, 37, 38, 46, 36, 53],
  [38, 38, 35, 46, 51, 76],
  [40, 40, 12, 44, 31, 72], // the Near East, Iran, Afghanistan
  [41, 41, 12, 37, 38, 93], // Arabia, Pakistan, Bangladesh
  [42, 43, -1, 37, 68, 98], // India, Sri Lanka
  [44, 44, 26, 53, 80, 121], // Mongolia, Nepal
  [45, 45, 21, 24, 113, 115], // Hong Kong, Macao
  [46, 46, 10, 29, 112, 124], // Taiwan
  [47, 47, 24, 46, 122, 155], // Korea, Japan
  [48, 48, 1, 29, 92, 116], // from Myanmar to Vietnam
  [50, 59, 3, 54, 73, 136], // China
  [60, 60, 19, 38, -19, 16], // the north-west of Africa
  [62, 62, 3, 34, 8, 40], // Libya, Egypt, Sudan
  [63, 63, -13, 19, 21, 56], // East Africa
  [64, 64, -14, 23, 8, 32], // Central Africa
  [65, 65, 3, 15, -16, 16], // West Africa
  [66, 66, -19, -4, 11, 25], // Angola
  [67, 67, -29, -8, 22, 61], // from Zambia to Madagascar
  [68, 68, -36, -17, 11, 39], // the south of Africa
  [70, 70, 51, 72, -180, -129], // Alaska
  [71, 71, 41, 84, -142, -50], // Canada
  [72, 74, 13, 84, -170, -50], // the United States
  [76, 76, 14, 33, -119, -86], // Mexico
  [78, 78, 7, 33, -93, -58], // Central America, the Caribbean
  [80, 80, -5, 16, -82, -60], // Colombia, Venezuela
  [81, 83, -35, 9, -75, -28], // Guyana, Brazil
  [84, 84, -19, 2, -92, -68], // Ecuador, Peru
  [85, 85, -57, -9, -110, -57], // Bolivia, Chile
  [86, 86, -36, -9, -69, -36], // Paraguay, Uruguay, Brazil
  [87, 87, -56, -21, -74, -53], // Argentina
  [93, 93, -53, -29, 165, 180], // New Zealand
  [94, 95, -44, -9, 112, 160], // Australia
  [96, 97, -13, 8, 95, 142], // Indonesia, Malaysia
  [98, 98, 4, 21, 115, 128], // the Philippines
] as const;

/**
 * Whether a place lies where the WMO number in an id says.
 *
 * @param id - five digits, or six of which the last is 0, as NOAA's Integrated Surface Database writes WMO numbers
 * @param lat - degrees north
 * @param lon - degrees east, [-180, 360]
 * @returns undefined for an id that is no such number
 */
export function liesInBlock(id: string, lat: number, lon: number): boolean | undefined {
  const number = /^(\d\d)\d{3}0?$/.exec(id);
  if (number === null) return undefined;
  const prefix = Number(number[1]);
  const block = BLOCKS.find((each) => each[0] <= prefix && prefix <= each[1]);
  if (block === undefined) return undefined;
  const [, , south, north, west, east] = block;
  const degreesEast = lon > 180 ? lon - 360 : lon;
  return lat >= south && lat <= north && degreesEast >= west && degreesEast <= east;
}
