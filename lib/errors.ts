import { oneLine } from "./printable.ts";

/**
 * Every way a run can be refused for a reason that its user can mend. Anything else that is thrown is a defect.
 * The tag is stable, to be tested and searched for; the message is for people.
 */
export type ErrorTag =
  // files
  | "FileNotFound" // no such file or object, or one that cannot be read
  | "EmptyFile" // zero bytes
  | "NotNetcdf" // magic bytes of neither classic NetCDF nor HDF5
  | "UnsupportedFormat" // a real format that is not read here (an unknown filter, an encrypted workbook …)
  | "BrokenFile" // the right magic bytes, then truncated or damaged
  // NetCDF contents
  | "MissingVariable"
  | "NotNumeric"
  | "BadSlab" // a slab outside the variable, or of another rank
  | "MissingCoordinate" // no latitude, longitude or time found
  | "BadAxis" // not strictly monotonic, not finite, or empty
  | "BadTime" // units or calendar not understood, impossible date
  | "BadUnits" // units that are not understood, or that measure something else
  | "BadRange" // values that are all outside of their variable's valid range
  | "BadDimensions" // the variable's dimensions do not fit the product
  | "BadBaseline" // no observation in the baseline years, or in none of the product's months
  // station tables
  | "BadTable"
  // settings, products, requests
  | "BadProduct"
  | "BadSource" // of a sources.json, or no such source
  | "BadEvent" // an event that asks for no run, or for one that there cannot be
  | "BadSetting" // of the environment, or of a deployment
  | "BadOption" // of the command line, or of a resume
  | "BadName" // a file name or key that cannot stand for an object
  | "NoAccess" // a bucket that is not there, or that the caller may not use; a file in a folder that cannot be read
  | "TooLarge" // more than the run, or its memory, can carry
  // what is fetched
  | "BadAnswer" // a publisher's server answers with something else than the file
  // runs
  | "RunClaimed" // the run exists: resume or force it
  | "NotExpected" // the series are not what the product's reader needs
  | "OutOfTime" // the invocation ends before its work
  | "BandsMissing" // bands of a grid that could not be made
  | "Superseded" // another execution has taken the run over
  | "CannotWrite" // a folder or disk that takes no file
  | "InputChanged"; // an input was replaced while it was read

export interface ErrorDetails {
  /** The file, object key or setting that is wrong. */
  readonly file?: string;
  /** The valid choices, when there is a list of them. */
  readonly choices?: readonly (string | number)[];
  /** What to do next, a sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** A wrong input: `message` reads `file: problem. Valid choices: a, b. hint`. */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly tag: ErrorTag;
  readonly details: ErrorDetails;

  constructor(tag: ErrorTag, problem: string, details: ErrorDetails = {}) {
    const { file, choices, hint, cause } = details;
    const sentences = [file === undefined ? problem : `${file}: ${problem}`];
    if (choices !== undefined) sentences.push(`Valid choices: ${choicesText(choices)}`);
    if (hint !== undefined) sentences.push(hint);
    super(spoken(sentences), cause === undefined ? undefined : { cause });
    this.tag = tag;
    this.details = details;
  }
}

/** More than anyone reads, of files with as many variables. */
const MOST_CHOICES = 200;

function choicesText(choices: readonly (string | number)[]): string {
  if (choices.length === 0) return "(none)";
  const first = choices.slice(0, MOST_CHOICES).join(", ");
  return choices.length <= MOST_CHOICES ? first : `${first} and ${choices.length - MOST_CHOICES} more`;
}

/** Of what comes from a file, no line begins as one of its own: those of a list are indented. */
function spoken(sentences: readonly string[]): string {
  const text = sentences.map((s) => s.replace(/\.$/, "")).join(". ");
  return text
    .split(/\n(?= {2})/)
    .map(oneLine)
    .join("\n");
}

/** The error for a file that is not what it was when it was written: by default it is to be fetched again. */
export function brokenFile(problem: string, details: ErrorDetails): InputError {
  return new InputError("BrokenFile", problem, { hint: "Fetch it again", ...details });
}

/** Whether `error` is an {@link InputError}, of one of `tags` if any are given. */
export function isInputError(error: unknown, ...tags: ErrorTag[]): error is InputError {
  return error instanceof InputError && (tags.length === 0 || tags.includes(error.tag));
}

/** An error like this one whose message goes on with another sentence. */
export function withSentence(error: unknown, sentence: string): Error {
  const message = `${messageOf(error)}. ${sentence}`;
  return error instanceof InputError
    ? new InputError(error.tag, message, { cause: error })
    : new Error(message, { cause: error });
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code of a system error, such as `ENOENT`. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}
