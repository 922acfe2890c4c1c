/** How NetCDF-4 itself uses HDF5: no part of what the file says. */
export const INTERNAL_ATTRIBUTES: ReadonlySet<string> = new Set([
  "DIMENSION_LIST",
  "REFERENCE_LIST",
  "CLASS",
  "NAME",
  "_Netcdf4Dimid",
  "_Netcdf4Coordinates",
  "_NCProperties",
  "_nc3_strict",
]);

/** Bytes; what declares more is damaged, as a history of a thousand commands has a hundredth. */
export const LARGEST_ATTRIBUTE = 2 ** 24;

/** Texts of `size` bytes each in UTF-8, whatever HDF5 calls it: NetCDF writes that into what it declares to be ASCII. */
export function textsOf(bytes: Uint8Array, size: number): string {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const text = bytes.subarray(at, at + size);
    const end = text.indexOf(0);
    texts.push(new TextDecoder().decode(end === -1 ? text : text.subarray(0, end)));
  }
  return texts.join(", ");
}
