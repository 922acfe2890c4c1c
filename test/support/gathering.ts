/**
 * A gate that opens when `count` callers wait at it, and then stays open: so that as many are under way at once for sure,
 * however slow the machine is.
 */
export function gathering(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let waiting = 0;
  return () => {
    waiting += 1;
    if (waiting === count) resolve();
    return promise;
  };
}
