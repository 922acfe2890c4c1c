/** Four months at a time: few cache lines of the fields are under way then, and a vector has four words of four bytes. */
const TOGETHER: usize = 4;

/**
 * Turns the fields of some months into series, for the cells of one latitude.
 *
 * @param fields - the first month of the first cell; a field has `field` words
 * @param series - the first month of the first cell; a cell has room for `cell` words
 * @param width - cells of a tile that lie side by side; from one tile to the next one are `tile` words
 */
export function transpose<T>(
  fields: usize,
  series: usize,
  cells: usize,
  months: usize,
  field: usize,
  cell: usize,
  width: usize,
  tile: usize,
): void {
  const word = sizeof<T>();
  field *= word;
  cell *= word;
  tile *= word;
  let month: usize = 0;
  for (; month + TOGETHER <= months; month += TOGETHER) {
    let from = fields + month * field;
    let to = series + month * word;
    for (let first: usize = 0; first < cells; first += width, to += tile) {
      const count = min(width, cells - first);
      fourMonths<T>(from, to, count, field, cell);
      from += count * word;
    }
  }
  for (; month < months; month++) {
    let from = fields + month * field;
    for (let first: usize = 0; first < cells; first += width) {
      let to = series + (first / width) * tile + month * word;
      for (let i: usize = 0, count = min(width, cells - first); i < count; i++, from += word, to += cell) {
        store<T>(to, load<T>(from));
      }
    }
  }
}

function fourMonths<T>(from: usize, to: usize, cells: usize, field: usize, cell: usize): void {
  const second = field;
  const third = field + field;
  const fourth = third + field;
  let i: usize = 0;
  if (sizeof<T>() == 4) {
    for (; i + 4 <= cells; i += 4, from += 16, to += 4 * cell) {
      const a = v128.load(from);
      const b = v128.load(from + second);
      const c = v128.load(from + third);
      const d = v128.load(from + fourth);
      // The months of two cells each: a0 b0 a1 b1, c0 d0 c1 d1, and so on.
      const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
      const cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
      const ab2 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
      const cd2 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
      v128.store(to, v128.shuffle<i64>(ab, cd, 0, 2));
      v128.store(to + cell, v128.shuffle<i64>(ab, cd, 1, 3));
      v128.store(to + 2 * cell, v128.shuffle<i64>(ab2, cd2, 0, 2));
      v128.store(to + 3 * cell, v128.shuffle<i64>(ab2, cd2, 1, 3));
    }
  }
  const word = sizeof<T>();
  for (; i < cells; i++, from += word, to += cell) {
    store<T>(to, load<T>(from));
    store<T>(to + word, load<T>(from + second));
    store<T>(to + 2 * word, load<T>(from + third));
    store<T>(to + 3 * word, load<T>(from + fourth));
  }
}
