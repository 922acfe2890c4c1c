import type { GeoPermissibleObjects } from "d3-geo";

/** The land of the globe, without borders: Natural Earth's, at 1:50 and 1:110 million. */
export interface Land {
  readonly fine: GeoPermissibleObjects;
  readonly coarse: GeoPermissibleObjects;
}
