import { storeGrid } from "../lib/grid/compute.ts";
import { describeGrid } from "../lib/grid/description.ts";
import { withDataset } from "../lib/netcdf/open.ts";
import { folderStore } from "../lib/store/folder.ts";

/** Computes and stores an anomaly grid, and nothing else: `node bench/grid-only.ts ARCHIVE VARIABLE OUT MEBIBYTES` */

const [path = "", variable = "", out = "", mebibytes = ""] = process.argv.slice(2);
void withDataset(path, path, async (dataset) => {
  const grid = describeGrid(dataset, { variable, firstMonth: "1979-01", baseline: [1981, 2010] }, "bench");
  await storeGrid(dataset, grid, folderStore(out), { memoryBytes: Number(mebibytes) * 2 ** 20 });
});
