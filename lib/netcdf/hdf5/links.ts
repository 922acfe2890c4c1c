import { InputError, messageOf } from "../../errors.ts";
import type { Hdf5File } from "./library.ts";

/** Soft links that one name may lead through, as many as HDF5 itself follows: they can go in a circle. */
const MOST_SOFT_LINKS = 16;

/** What HDF5 says of a link whose kind a program defined for itself. */
const UNKNOWN_LINK = "Link class not registered";

/**
 * Makes sure that an entry of the root group leads to an object of this file, without opening any other.
 *
 * @returns whether it leads to an object at all: a soft link may lead nowhere
 * @throws InputError `UnsupportedFormat` where it leads out of the file; Error where the object is damaged
 */
export function isInFile(file: Hdf5File, entry: string): boolean {
  return leadsInside(file, entry, `/${entry}`, MOST_SOFT_LINKS);
}

/** @param path - of a group or object, from the root on; its parts are looked at one after another */
function leadsInside(file: Hdf5File, entry: string, path: string, softLinks: number): boolean {
  const { hdf5, id } = file;
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  let group = "";
  for (const [n, part] of parts.entries()) {
    const here = `${group}/${part}`;
    const target = hdf5.get_symbolic_link(id, here) as string | null;
    if (target !== null) {
      const rest = [target.startsWith("/") ? target : `${group}/${target}`, ...parts.slice(n + 1)].join("/");
      return softLinks > 0 && leadsInside(file, entry, rest, softLinks - 1);
    }
    const { filename, obj_path: object } = hdf5.get_external_link(id, here) as Partial<ExternalLink>;
    if (filename !== undefined) {
      const way =
        n === 0 && softLinks === MOST_SOFT_LINKS ? "an external link" : "a soft link through an external link";
      throw leadsOut(file, `"${entry}" is ${way} to "${object}" of another file, "${filename}"`, MERGE);
    }
    try {
      file.addressOf(here);
    } catch (cause) {
      if (messageOf(cause).includes(UNKNOWN_LINK)) throw leadsOut(file, `"${entry}" is a user-defined link`, REWRITE);
      if (softLinks < MOST_SOFT_LINKS) return false;
      throw cause;
    }
    group = here;
  }
  return true;
}

interface ExternalLink {
  readonly filename: string;
  readonly obj_path: string;
}

const MERGE = "Copy what it links to into one file: h5repack --merge in.nc out.nc";
const REWRITE = "Have the program that made it write the values into the file itself";

function leadsOut({ file }: Hdf5File, problem: string, hint: string): InputError {
  return new InputError("UnsupportedFormat", problem, { file, hint: `Only the file itself is read. ${hint}` });
}
