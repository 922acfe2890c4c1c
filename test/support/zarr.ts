import * as zarr from "zarrita";
import type { ObjectStore } from "../../lib/store/store.ts";

/** Opens the Zarr v2 group below `prefix` by its consolidated metadata, with a reader that is not this project's. */
export async function openGroup(store: ObjectStore, prefix: string) {
  const readable = {
    async get(key: string): Promise<Uint8Array | undefined> {
      const found = await store.get(prefix + key);
      return found && new Uint8Array(found.body);
    },
  };
  const consolidated = await zarr.withConsolidatedMetadata(readable, { format: "v2" });
  const group = await zarr.open.v2(consolidated, { kind: "group" });
  return {
    attributes: group.attrs,
    contents: consolidated.contents(),
    /** An array of the group: shape, attributes and all values, row-major. */
    async read(name: string) {
      const array = await zarr.open.v2(group.resolve(name), { kind: "array" });
      const { data, shape } = await zarr.get(array);
      return { data, shape, chunks: array.chunks, attributes: array.attrs };
    },
  };
}
