/** One polygon of the globe's land, and the region that it lies in, so that most need not be looked at. */
export interface LandPolygon {
  /** Degrees; `west` is greater than `east` where it lies across the antimeridian. */
  readonly bounds: readonly [west: number, south: number, east: number, north: number];
  /** Rings of points, as GeoJSON has them. */
  readonly coordinates: [lon: number, lat: number][][];
}

/** The land of the globe, without borders: Natural Earth's, at 1:50 and 1:110 million. */
export interface Land {
  readonly fine: readonly LandPolygon[];
  readonly coarse: readonly LandPolygon[];
}
