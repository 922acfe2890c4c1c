import type { LandDetail, LandPolygon } from "./coast.ts";

/** How a module of what `npm run page` makes is loaded: late, as it is large and most that is run needs none of it. */
async function made<T>(file: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new Error(`build/${file} cannot be loaded: make it with npm run page`, { cause });
  }
}

/** The page without a run. @throws Error where it was not made */
export async function loadTemplate(): Promise<string> {
  const { template } = await made("report-template.js", () => import("../../build/report-template.js"));
  return template;
}

/** The index of all runs without runs. @throws Error where it was not made */
export async function loadRunsTemplate(): Promise<string> {
  const { template } = await made("runs-template.js", () => import("../../build/runs-template.js"));
  return template;
}

/** The land of the globe, without borders: Natural Earth's, at 1:50 or 1:110 million. @throws Error where it was not made */
export async function loadLand(detail: LandDetail): Promise<readonly LandPolygon[]> {
  const { polygons } =
    detail === "fine"
      ? await made("land-fine.js", () => import("../../build/land-fine.js"))
      : await made("land-coarse.js", () => import("../../build/land-coarse.js"));
  return polygons;
}
