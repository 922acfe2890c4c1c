/**
 * Does `work` for every item, at most `limit` at once, in order of start.
 *
 * After an error no further item is started; what is under way is waited for, then the first error is thrown. So
 * nothing goes on behind the caller's back, and no more items are held in memory than are being worked on.
 */
export async function eachLimited<T>(
  items: Iterable<T>,
  limit: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const entries = Iterator.from(items).map((item, index) => ({ item, index }));
  const errors: unknown[] = [];
  const lane = async () => {
    while (errors.length === 0) {
      const next = entries.next();
      if (next.done === true) return;
      try {
        await work(next.value.item, next.value.index);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, limit) }, lane));
  if (errors.length > 0) throw errors[0];
}
