import type { ObjectStore } from "./store.ts";

/** The objects of a store whose keys begin with `prefix` and a slash, as a store in which they are called by the rest. */
export function prefixedStore(store: ObjectStore, prefix: string): ObjectStore {
  const inner = (key: string) => `${prefix}/${key}`;
  return {
    name: `${store.name}/${prefix}`,
    get: (key, derived) => store.get(inner(key), derived),
    put: (key, body) => store.put(inner(key), body),
    putIfAbsent: (key, body) => store.putIfAbsent(inner(key), body),
    putIfMatch: (key, body, etag) => store.putIfMatch(inner(key), body, etag),
    async *list(start) {
      for await (const { key, size } of store.list(inner(start))) yield { key: key.slice(prefix.length + 1), size };
    },
  };
}
