/**
 * Copies the months of a line of cells from all blocks to their series.
 *
 * @param blocks - a table of addresses, one for each of `count` blocks; the first cell is `offset` bytes behind each
 * @param block - bytes that a cell has room for in a block
 * @param series - bytes of all months of a cell, the last block's among them
 */
export function gather(
  blocks: usize,
  count: usize,
  offset: usize,
  cells: usize,
  block: usize,
  series: usize,
  into: usize,
): void {
  let start: usize = 0;
  for (let b: usize = 0; b < count; b++, start += block) {
    let from = <usize>load<u32>(blocks + 4 * b) + offset;
    let to = into + start;
    const length = min(block, series - start);
    for (let cell: usize = 0; cell < cells; cell++, from += block, to += series) copy(from, to, length);
  }
}

/** A few dozen bytes, for which a call of memory.copy takes longer. */
function copy(from: usize, to: usize, length: usize): void {
  let i: usize = 0;
  for (; i + 16 <= length; i += 16) v128.store(to + i, v128.load(from + i));
  for (; i < length; i++) store<u8>(to + i, load<u8>(from + i));
}
