/**
 * Does `work` for every item, at most `limit` at once, in order of start.
 *
 * Work that never waits, as writing to a folder, is done one by one: another is begun beside it only where it waits. So what
 * each of them needs of memory is used again while it is near the processor.
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
  let ended = false;
  const lane = async () => {
    while (errors.length === 0) {
      try {
        const next = entries.next();
        if (next.done === true) {
          ended = true;
          return;
        }
        await work(next.value.item, next.value.index);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  const lanes = [lane()];
  while (lanes.length < limit) {
    await new Promise(setImmediate);
    if (ended || errors.length > 0) break;
    lanes.push(lane());
  }
  await Promise.all(lanes);
  if (errors.length > 0) throw errors[0];
}
