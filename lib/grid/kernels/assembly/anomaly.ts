/** Calendar months in a year. */
const YEAR_MONTHS: usize = 12;

// What these do is told in ../kernels.ts.

/** @param values - `count` floats */
export function mask(values: usize, count: usize, missing: f32, low: f32, high: f32): void {
  const nan = f32x4.splat(f32.NaN);
  const missings = f32x4.splat(missing);
  const lows = f32x4.splat(low);
  const highs = f32x4.splat(high);
  const end = values + 4 * count;
  for (; values + 16 <= end; values += 16) {
    const all = v128.load(values);
    const inside = v128.and(f32x4.ge(all, lows), f32x4.le(all, highs));
    const kept = v128.andnot(inside, f32x4.eq(all, missings));
    v128.store(values, v128.bitselect(all, nan, kept));
  }
  for (; values < end; values += 4) {
    const value = load<f32>(values);
    if (!(value >= low && value <= high) || value == missing) store<f32>(values, f32.NaN);
  }
}

export function climatology<T>(
  values: usize,
  cells: usize,
  months: usize,
  calendar: usize,
  start: usize,
  stop: usize,
  least: i32,
  means: usize,
): i32 {
  const word = sizeof<T>();
  let sparse = 0;
  for (let cell: usize = 0; cell < cells; cell++, values += months * word, means += YEAR_MONTHS * word) {
    memory.fill(means, 0, YEAR_MONTHS * word);
    memory.fill(counts, 0, YEAR_MONTHS * 4);
    for (let t = start; t < stop; ) {
      const from = values + t * word;
      const month = <usize>load<u8>(calendar + t);
      const sum = means + month * word;
      const count = counts + 4 * month;
      if (sizeof<T>() == 4 && t + 4 <= stop && fourInOrder(calendar + t)) {
        const all = v128.load(from);
        const there = f32x4.eq(all, all);
        // What is missing adds 0, which changes no sum, as none is -0.
        v128.store(sum, f32x4.add(v128.load(sum), v128.and(all, there)));
        v128.store(count, i32x4.sub(v128.load(count), there));
        t += 4;
        continue;
      }
      const value = load<T>(from);
      if (value == value) {
        store<T>(sum, load<T>(sum) + value);
        store<i32>(count, load<i32>(count) + 1);
      }
      t++;
    }
    let anyFew = 0;
    for (let month: usize = 0; month < YEAR_MONTHS; month++) {
      const mean = means + month * word;
      const count = load<i32>(counts + 4 * month);
      const few = count < least;
      anyFew |= i32(few && count > 0);
      // 0 / 0 is NaN: a calendar month with too few values has no climatology.
      const used: i32 = few ? 0 : count;
      const sum: T = few ? <T>0 : load<T>(mean);
      store<T>(mean, sum / <T>used);
    }
    sparse += anyFew;
  }
  return sparse;
}

const counts = memory.data(48);

export function takeOff<T>(values: usize, cells: usize, months: usize, calendar: usize, normals: usize): i32 {
  const word = sizeof<T>();
  let any = 0;
  let anyOfFour = i32x4.splat(0);
  for (let cell: usize = 0; cell < cells; cell++, values += months * word, normals += YEAR_MONTHS * word) {
    for (let t: usize = 0; t < months; ) {
      const at = values + t * word;
      const normal = normals + <usize>load<u8>(calendar + t) * word;
      if (sizeof<T>() == 4 && t + 4 <= months && fourInOrder(calendar + t)) {
        const four = f32x4.sub(v128.load(at), v128.load(normal));
        anyOfFour = v128.or(anyOfFour, f32x4.eq(four, four));
        v128.store(at, four);
        t += 4;
        continue;
      }
      const anomaly = load<T>(at) - load<T>(normal);
      any |= i32(anomaly == anomaly);
      store<T>(at, anomaly);
      t++;
    }
  }
  return any | i32(v128.any_true(anyOfFour));
}

/** Whether four months are January to April, May to August or September to December: each is then a lane of one vector. */
function fourInOrder(calendar: usize): bool {
  const four = load<u32>(calendar);
  const first = four & 0xff;
  return first % 4 == 0 && four == first * 0x01010101 + 0x03020100;
}
