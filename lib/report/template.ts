/** What `npm run page` makes: the page without a run, and the polygons of land as JSON. */
export interface Template {
  readonly template: string;
  readonly fine: string;
  readonly coarse: string;
}

/**
 * Loaded late, as it is large and a worker needs none of it.
 *
 * @throws Error where it was not made
 */
export async function loadTemplate(): Promise<Template> {
  try {
    return await import("../../build/report-template.js");
  } catch (cause) {
    throw new Error("build/report-template.js cannot be loaded: make it with npm run page", { cause });
  }
}
