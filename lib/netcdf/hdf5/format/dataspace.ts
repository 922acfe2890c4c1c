import { Cursor, insist } from "./metadata.ts";

/** How many values there are along each dimension, slowest first. */
export interface Dataspace {
  readonly shape: readonly number[];
  /** To which it may grow. */
  readonly maxShape: readonly number[];
  /** Whether there is no value at all, which a shape cannot say. */
  readonly empty: boolean;
}

/** HDF5 allows no more dimensions. */
const MOST_DIMENSIONS = 32;

const HAS_MAXIMUM = 1;
const KIND = { scalar: 0, simple: 1, null: 2 } as const;

/**
 * A dataspace message.
 *
 * Source: "HDF5 File Format Specification", IV.A.2.b. The Dataspace Message.
 *
 * @throws LeftToLibrary where it is of another version, or damaged
 */
export function readDataspace(body: DataView<ArrayBuffer>): Dataspace {
  const cursor = new Cursor(body);
  const [version, rank, flags, kind] = [cursor.uint(1), cursor.uint(1), cursor.uint(1), cursor.uint(1)];
  insist(rank <= MOST_DIMENSIONS && flags <= HAS_MAXIMUM, "an unknown kind of dataspace");
  if (version === 1) cursor.skip(4);
  else insist(version === 2 && kind <= KIND.null && (kind === KIND.simple) === rank > 0, "a damaged dataspace");
  // Ones alone are no size, but that there is no maximum.
  const sizes = (): number[] => Array.from({ length: rank }, () => cursor.address() ?? Infinity);
  const shape = sizes();
  const maxShape = flags === HAS_MAXIMUM ? sizes() : shape;
  for (const [d, size] of shape.entries()) {
    const most = maxShape[d]!;
    insist(size <= most && size <= Number.MAX_SAFE_INTEGER, "a size beyond its maximum");
    insist(most <= Number.MAX_SAFE_INTEGER || most === Infinity, "a maximum beyond all files");
  }
  return { shape, maxShape, empty: version === 2 && kind === KIND.null };
}
