/** A million rows, more than there are stations in the world. */
export default () => `id,lat,lon\n${"50001,30,110\n".repeat(1_000_000)}`;
