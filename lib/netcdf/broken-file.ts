import { InputError } from "../errors.ts";

/**
 * The error for a file that is not what it was when it was written.
 *
 * @param problem - what is wrong with it
 * @param file - what messages call it
 */
export function brokenFile(problem: string, file: string, cause?: unknown): InputError {
  return new InputError("BrokenFile", problem, { file, hint: "Fetch it again", cause });
}
