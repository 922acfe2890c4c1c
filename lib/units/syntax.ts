/** A unit's name or a decimal number, with its power, which is a whole number. */
export interface Factor {
  readonly word: string;
  readonly power: number;
}

/** A longer text is no unit, nor are numbers and powers beyond these. */
const MAX_LENGTH = 200;
const MAX_POWER = 12;
const MAX_DIGITS = 20;

/** Spellings that are no products of powers, and what they become. */
const REWRITTEN: readonly (readonly [RegExp, string])[] = [
  [/℃/g, "degC"],
  [/℉/g, "degF"],
  // `deg_C`, `degrees Celsius`, `°C`, also misspelt `degree celcius`.
  [/(?:\bdeg(?:ree)?s?\.?|[°º˚])[\s_]*([kcf])(?:elvin|elsius|elcius|entigrade|ahrenheit)?(?![a-z])/gi, "deg$1"],
  // A depth of water is a length.
  [/\s+(?:of\s+(?:liquid\s+)?water(?:\s+equivalent)?|water\s+equivalent)(?![a-z])/gi, ""],
  [/[\s_]+per[\s_]+/gi, "/"],
  // What ECMWF calls a fraction.
  [/^\s*\(?0\s*-\s*1\)?\s*$/, "1"],
];

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻";
const ASCII = "0123456789-";

/** A power stands behind `^` or `**`, or at once behind a word; a number may have an exponent. */
const TOKEN =
  /\s*(?:(?:\*\*|\^)\s*[({]?(?<raised>[+-]?\d+)(?!\.?\d)[)}]?|(?<=[\p{L}%)])(?<power>[+-]?\d+)(?!\.?\d)|(?<number>(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)|(?<word>[\p{L}_%]+)|(?<sign>[*·×./()]))/iuy;

/**
 * The factors of a unit in UDUNITS' notation: products by a space, `.` or `*`, quotients by `/` or `per`, from left to
 * right, so that `m/s/day` is `m s-1 day-1`; powers as `m2`, `m^2`, `m**2`, `m²`; brackets. Takes time in proportion to
 * the text, of which 200 letters are looked at.
 *
 * @returns undefined where the text is not written like this
 */
export function factorsOf(text: string): readonly Factor[] | undefined {
  const tokens = tokensOf(text);
  if (tokens === undefined) return undefined;
  const reader = { tokens, at: 0 };
  const factors = readProduct(reader);
  return reader.at === tokens.length ? factors : undefined;
}

/** A name or number, a power, or one of `* / ( )`. */
type Token = { readonly word: string } | { readonly power: number } | { readonly sign: string };

function tokensOf(text: string): Token[] | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  let plain = text.replace(/[⁰¹²³⁴-⁹⁻]/g, (digit) => ASCII[SUPERSCRIPTS.indexOf(digit)]!);
  for (const [spelling, replacement] of REWRITTEN) plain = plain.replace(spelling, replacement);
  plain = plain.trim();
  const tokens: Token[] = [];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < plain.length; ) {
    const { raised, power = raised, number, word = number, sign = "" } = TOKEN.exec(plain)?.groups ?? {};
    if (power !== undefined) {
      if (Math.abs(Number(power)) > MAX_POWER) return undefined;
      tokens.push({ power: Number(power) });
    } else if (word !== undefined) {
      if (number !== undefined && !isModest(number)) return undefined;
      tokens.push({ word });
    } else if (sign !== "") {
      tokens.push({ sign: /[*·×.]/.test(sign) ? "*" : sign });
    } else {
      return undefined;
    }
  }
  return tokens;
}

/** Whether a number is above 0, and of a size that can be reckoned with exactly. */
function isModest(number: string): boolean {
  return number.length <= MAX_DIGITS && Number(number) > 1e-20 && Number(number) < 1e20;
}

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
}

/** Terms up to a closing bracket or the end. */
function readProduct(reader: Reader): Factor[] | undefined {
  const product = readTerm(reader);
  if (product === undefined) return undefined;
  for (let next = reader.tokens[reader.at]; next !== undefined; next = reader.tokens[reader.at]) {
    const sign = "sign" in next ? next.sign : "";
    if (sign === ")") break;
    if (sign === "*" || sign === "/") reader.at++;
    const term = readTerm(reader);
    if (term === undefined) return undefined;
    product.push(...(sign === "/" ? toPower(term, -1) : term));
  }
  return product;
}

/** A word, a number or a product in brackets, with the power behind it. */
function readTerm(reader: Reader): Factor[] | undefined {
  const token = reader.tokens[reader.at++];
  let term: Factor[] | undefined;
  if (token === undefined || "power" in token) return undefined;
  if ("word" in token) term = [{ word: token.word, power: 1 }];
  else if (token.sign === "(") {
    term = readProduct(reader);
    const close = reader.tokens[reader.at++];
    if (close === undefined || !("sign" in close) || close.sign !== ")") return undefined;
  }
  const next = reader.tokens[reader.at];
  if (term === undefined || next === undefined || !("power" in next)) return term;
  reader.at++;
  return toPower(term, next.power);
}

function toPower(factors: readonly Factor[], by: number): Factor[] {
  return factors.map(({ word, power }) => ({ word, power: power * by }));
}
