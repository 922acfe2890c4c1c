/**
 * Whether a name is of a pattern, in which `*` stands for any letters or none, and `?` for one. It takes at most the product
 * of both lengths; a regular expression of five stars would take hours for some names.
 */
export function fitsPattern(name: string, pattern: string): boolean {
  const [letters, marks] = [Array.from(name), Array.from(pattern)];
  let [at, mark] = [0, 0];
  // Where the last star stands, and where what it stands for ends: that is one letter more wherever the rest does not fit.
  let [star, end] = [-1, 0];
  while (at < letters.length) {
    if (marks[mark] === "*") {
      [star, end] = [mark, at];
      mark++;
    } else if (marks[mark] === "?" || marks[mark] === letters[at]) {
      mark++;
      at++;
    } else if (star !== -1) {
      mark = star + 1;
      at = ++end;
    } else {
      return false;
    }
  }
  return marks.slice(mark).every((rest) => rest === "*");
}
