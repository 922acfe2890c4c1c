import { errnoOf, InputError, messageOf } from "../errors.ts";

/** What is wrong with the place, not with the program. */
const DISK_ERRORS = new Set(
  "EACCES EBUSY EDQUOT EFBIG EIO EISDIR ELOOP EMFILE ENAMETOOLONG ENFILE ENODEV ENOENT ENOSPC ENOTDIR ENOTSUP EPERM EROFS ESTALE ETIMEDOUT".split(
    " ",
  ),
);

/** What is thrown of a file or folder that the disk does not take: `CannotWrite`, or the very error of a defect. */
export function cannotWrite(cause: unknown, file: string, problem = "cannot be written"): unknown {
  if (!DISK_ERRORS.has(errnoOf(cause) ?? "")) return cause;
  const hint = "Make room on the disk, or give permission to write there; then resume the run";
  return new InputError("CannotWrite", `${problem}: ${messageOf(cause)}`, { file, hint, cause });
}

/** What is thrown of a file or folder that is there and cannot be read: `NoAccess`, or the very error of a defect. */
export function cannotRead(cause: unknown, file: string): unknown {
  if (errnoOf(cause) === undefined) return cause;
  const hint = "Make it readable, or choose another folder";
  return new InputError("NoAccess", `cannot be read: ${messageOf(cause)}`, { file, hint, cause });
}
