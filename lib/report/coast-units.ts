/** Units in a degree of a coast's points: one is less than a pixel of a map of a country. */
export const COAST_UNITS = 25;
