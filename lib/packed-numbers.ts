/** As in an encoded polyline: letters of five bits, which JSON writes as they stand but for one. */
const [FIRST_LETTER, BITS, MORE] = [63, 5, 32];

/** Text of a whole number of either sign: 0, -1, 1, -2 … are 0, 1, 2, 3 …, five bits a letter, the lowest first. */
export function packNumber(number: number): string {
  let left = number < 0 ? -2 * number - 1 : 2 * number;
  let text = "";
  for (; left >= MORE; left >>= BITS) text += String.fromCharCode((left & (MORE - 1)) + MORE + FIRST_LETTER);
  return text + String.fromCharCode(left + FIRST_LETTER);
}

/** The numbers of texts of {@link packNumber}, one after another. Without pairs in its loop: each would be a list of its own. */
export function unpackNumbers(text: string): number[] {
  const numbers: number[] = [];
  let number = 0;
  let shift = 0;
  for (let at = 0; at < text.length; at++) {
    const letter = text.charCodeAt(at) - FIRST_LETTER;
    number |= (letter & (MORE - 1)) << shift;
    shift += BITS;
    if (letter >= MORE) continue;
    numbers.push(number % 2 === 1 ? -(number + 1) / 2 : number / 2);
    number = 0;
    shift = 0;
  }
  return numbers;
}
