import { attempts, Passing } from "./attempts.ts";
import { type DueFile, fileOf, filesOf } from "./due.ts";
import { ask, eachChunk, type Patience, refused } from "./http.ts";
import { namesListed } from "./listing.ts";
import type { ForecastSource } from "./source.ts";
import { datesIn, expand } from "./template.ts";

/** The page of a folder is not larger than this. */
const MOST_PAGE_BYTES = 8 * 2 ** 20;

/** The files of some issues that the publisher lists, in the order of the issues. */
export async function filesListed(
  source: ForecastSource,
  issues: readonly string[],
  patience: Patience,
): Promise<DueFile[]> {
  const folders = new Set(issues.map((issued) => folderOf(expand(source.address, { issued }))));
  const found: DueFile[] = [];
  for (const folder of folders) {
    for (const name of namesListed(await pageOf(folder, patience), folder)) {
      const dates = datesIn(source.address, folder + name, source.day);
      if (dates !== undefined) found.push(fileOf(source, dates));
    }
  }
  return issues.flatMap((issued) => {
    const ofIssue = found.filter((file) => file.issued === issued);
    if (source.leads === undefined) return ofIssue;
    const wanted = new Set(filesOf(source, issued).map(({ key }) => key));
    return ofIssue.filter(({ key }) => wanted.has(key));
  });
}

/** An address up to its last slash, with it. */
function folderOf(address: string): string {
  return address.slice(0, address.lastIndexOf("/") + 1);
}

/** The text of a page; nothing of a folder that there is not yet. @throws InputError `BadAnswer` */
async function pageOf(folder: string, patience: Patience): Promise<string> {
  const signal = AbortSignal.timeout(patience.totalMs);
  return attempts(folder, patience, signal, async () => {
    const answer = await ask(folder, {}, { ...patience, signal });
    const { status, body } = answer;
    try {
      if (status === 404) return "";
      if (status === 429 || status >= 500) throw new Passing(`the server answers with status ${status}`);
      if (status !== 200) throw refused(folder, `the server answers with status ${status}`);
      const parts: Uint8Array[] = [];
      let bytes = 0;
      await eachChunk(answer, (part) => {
        bytes += part.length;
        if (bytes > MOST_PAGE_BYTES) {
          throw refused(folder, `has more than ${MOST_PAGE_BYTES} bytes, as no list of files has`);
        }
        parts.push(part);
      });
      return Buffer.concat(parts).toString("utf8");
    } finally {
      body.destroy();
    }
  });
}
