import type { Land } from "./land.ts";
import { pageData } from "./page-data.ts";
import type { Report } from "./report.ts";
import { loadTemplate } from "./template.ts";

/**
 * `runs/<runId>/index.html`: one file that shows a run, with all that it needs inside, and that asks for nothing.
 *
 * @param csv - key of a station's CSV, with {station} for its id; the page links to it from its own place in the bucket
 * @throws Error where the template was not made
 */
export async function reportPage(report: Report, csv: string): Promise<string> {
  const { template, fine, coarse } = await loadTemplate();
  const land = { fine: JSON.parse(fine), coarse: JSON.parse(coarse) } as Land;
  const data = pageData(report, csv, land);
  // In a script element nothing but `<` can end it, or begin a comment.
  const json = JSON.stringify(data).replaceAll("<", String.raw`\u003c`);
  const title = `${report.product} ${report.forecast.label}: ${report.status}`.replaceAll(/[<&]/g, " ");
  // Functions, as a text would have its $ replaced.
  return template.replace("{{title}}", () => title).replace("{{data}}", () => json);
}
