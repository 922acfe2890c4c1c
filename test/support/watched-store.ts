import { setImmediate } from "node:timers/promises";
import type { ObjectStore } from "../../lib/store/store.ts";

export interface WatchedStore extends ObjectStore {
  /** Keys in the order in which they were asked for, or written. */
  readonly gets: string[];
  readonly puts: string[];
  /** Most puts under way at once. */
  peak: number;
}

/**
 * The store, with a record of what is asked of it.
 *
 * @param beforePut - called with the key and how many puts went before; what it throws is the put's error
 */
export function watchedStore(store: ObjectStore, beforePut?: (key: string, before: number) => void): WatchedStore {
  let underWay = 0;
  const watched: WatchedStore = {
    ...store,
    gets: [],
    puts: [],
    peak: 0,
    get(key, derived) {
      watched.gets.push(key);
      return store.get(key, derived);
    },
    async put(key, body) {
      watched.peak = Math.max(watched.peak, ++underWay);
      try {
        await setImmediate();
        beforePut?.(key, watched.puts.length);
        await store.put(key, body);
        watched.puts.push(key);
      } finally {
        underWay--;
      }
    },
  };
  return watched;
}
