import type { StoredGrid } from "../grid/description.ts";
import { gridMarker } from "../grid/stored-grid.ts";
import { type ObjectStore, requireJson } from "../store/store.ts";
import { timeText } from "../time.ts";

/** A stored grid, and how the lines of its months begin. */
export interface ReadGrid {
  readonly grid: StoredGrid;
  readonly history: readonly string[];
}

/** The stored grid of an id. @throws InputError `FileNotFound`, `BrokenFile` */
export type GridReader = (id: string) => Promise<ReadGrid>;

/** A reader that keeps the last grid: the id names its content, so it is what it was. */
export function gridReader(store: ObjectStore): GridReader {
  let last: { readonly id: string; readonly read: ReadGrid } | undefined;
  return async (id) => {
    if (last?.id !== id) {
      const grid = await requireJson<StoredGrid>(store, gridMarker(id));
      last = { id, read: { grid, history: grid.seconds.map((seconds) => lineStart(timeText(seconds))) } };
    }
    return last.read;
  };
}

/** How the line of a time begins. */
export function lineStart(time: string): string {
  return `${time},`;
}
