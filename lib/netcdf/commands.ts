/**
 * The commands that messages tell. Names that come from a file are put into them only where they are words: whoever
 * copies a command must not run what a file says.
 */

/** A name from a file as a word of a command. */
export function word(name: string): string {
  return /^\w[\w.-]*$/.test(name) ? name : "NAME";
}

/** Sets an attribute of a variable to a text, which is quoted where it is more than a word. */
export function setAttribute(attribute: string, variable: string, text: string): string {
  const quoted = /^[\w .*/^-]+$/.test(text) ? `"${text}"` : "TEXT";
  return `ncatted -a ${attribute},${word(variable)},o,c,${word(text) === text ? text : quoted} in.nc out.nc`;
}

/** Sorts a file along a dimension; of equal coordinates it keeps the first, where that is asked for. */
export function sortBy(dimension: string, unique: "unique" | "all" = "all"): string {
  const name = word(dimension);
  const drop = unique === "unique" ? `.drop_duplicates('${name}')` : "";
  return `python3 -c "import xarray as x; x.open_dataset('in.nc', decode_cf=False)${drop}.sortby('${name}').to_netcdf('out.nc')"`;
}

/** Leaves out the time steps for which `isGood` is false. */
export function selectSteps(count: number, isGood: (step: number) => boolean): string {
  const ranges: string[] = [];
  for (let start = 0; start < count; start++) {
    if (!isGood(start)) continue;
    let end = start;
    while (end + 1 < count && isGood(end + 1)) end++;
    ranges.push(start === end ? String(start + 1) : `${start + 1}/${end + 1}`);
    start = end;
  }
  return `cdo seltimestep,${ranges.join(",")} in.nc out.nc`;
}
