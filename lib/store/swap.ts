import type { ObjectStore, StoredObject } from "./store.ts";

/** Of those who write one object at once each comes between once or twice at most. */
const ATTEMPTS = 10;

/**
 * Writes an object over the very one, or none, that its text was made for: where another is there by then, the text is made
 * again for that.
 *
 * @param textFor - makes it of what is there; undefined leaves that. What it throws ends the attempts
 */
export async function swap(
  store: ObjectStore,
  key: string,
  textFor: (found: StoredObject | undefined) => Promise<string | undefined>,
): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    // The write is on condition of what is found: one answer that there is none is enough.
    const found = await store.get(key, {});
    const text = await textFor(found);
    if (text === undefined) return;
    const isPut =
      found === undefined ? await store.putIfAbsent(key, text) : await store.putIfMatch(key, text, found.etag);
    if (isPut) return;
  }
  throw new Error(`${key} was replaced by others ${ATTEMPTS} times`);
}
