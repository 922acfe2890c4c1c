import type { Invocation } from "../grid/bands.ts";
import type { ObjectStore } from "../store/store.ts";
import type { RunInputs } from "./inputs.ts";
import type { Product } from "./product.ts";
import type { Claim } from "./records.ts";

/** A claimed run, as its steps work on it. */
export interface Run {
  /** The output bucket. */
  readonly store: ObjectStore;
  readonly inputs: RunInputs;
  readonly product: Product;
  readonly claim: Claim;
  readonly limits: RunLimits;
  /** Called with the part of a long step that is done, 0 to 1. */
  readonly onProgress?: ((part: number) => void) | undefined;
}

export interface RunLimits {
  /** Stations in a chunk; by default as many as keep the run within its number of chunks. */
  readonly chunkSize?: number;
  /** By default all that one execution may have. */
  readonly maxChunks?: number;
  /** Bytes of the grid that may be held at once, if it is to be computed. */
  readonly memoryBytes: number;
  /** Of an engine that has a large grid made in bands; without it there is one band, which takes what it takes. */
  readonly invocation?: Invocation;
}
