import { constants, realpathSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join, sep } from "node:path";
import { errnoOf } from "../../../lib/errors.ts";
import { contentTypeOf } from "../../../lib/store/content-types.ts";

/** A file that may be shown, open to be read; who has it closes it. */
export interface ServedFile {
  readonly handle: FileHandle;
  readonly size: number;
  readonly contentType: string;
}

/** What a disk answers of what is not there for whoever asks. */
const ABSENT = new Set(["ENOENT", "ENOTDIR", "EISDIR", "ELOOP", "ENAMETOOLONG", "EACCES", "EPERM"]);

/**
 * Opens the file of a URL's path below `root`; undefined where there is none that may be shown. Nothing leads out of the
 * folder, neither a word of the path nor a link in it, and what begins with a dot, as what others are writing, is not shown.
 *
 * @param root - with no link in it
 */
export async function openServed(root: string, pathname: string): Promise<ServedFile | undefined> {
  const key = keyOf(pathname);
  if (key === undefined) return undefined;
  try {
    const path = realpathSync(join(root, key));
    if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) return undefined;
    // What has no link in it is not followed if it has become one since. A pipe is not waited for.
    const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const found = await handle.stat();
    if (found.isFile()) return { handle, size: found.size, contentType: contentTypeOf(key) };
    await handle.close();
    return undefined;
  } catch (error) {
    if (ABSENT.has(errnoOf(error) ?? "")) return undefined;
    throw error;
  }
}

/** The key that a path names, that of a folder's page where it ends in a slash. */
function keyOf(pathname: string): string | undefined {
  const names = pathname.slice(1).split("/");
  if (names.at(-1) === "") names[names.length - 1] = "index.html";
  try {
    const parts = names.map(decodeURIComponent);
    return parts.some((part) => part === "" || part.startsWith(".") || /[/\\\0]/.test(part))
      ? undefined
      : parts.join("/");
  } catch {
    // No such escape as %zz.
    return undefined;
  }
}
