import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { buildSync } from "esbuild";

/** What the template of a run's page is made of, beside its script: the land of its map. */
const MAP_DATA = "node_modules/world-atlas/";

/** Texts of licences, named by their packages. */
const LOOKED_UP = "infra/package/licences";

const RULE = `${"=".repeat(80)}\n`;

/**
 * Writes the licences of the packages that a bundle holds, with those in the template of a run's page. A text that many
 * of them share stands once.
 *
 * @param inputs - the bundle's files, relative to `root`
 * @throws Error where a package has no licence text
 */
export function writeNotices(root: string, inputs: readonly string[], target: string): void {
  const page = buildSync({
    absWorkingDir: root,
    entryPoints: ["lib/report/page/main.ts"],
    bundle: true,
    format: "esm",
    metafile: true,
    write: false,
  });
  const files = [...inputs, ...Object.keys(page.metafile.inputs), MAP_DATA];
  const folders = new Set(files.flatMap((file) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []));
  const notices = Array.from(folders, (folder) => noticeOf(root, folder));
  const byText = Map.groupBy(notices, ({ text }) => text);
  const sections = Array.from(byText, ([text, sharing]) => {
    const whose = sharing.map(({ what }) => what).toSorted();
    return `${whose.join("\n")}\n${RULE}\n${text}\n`;
  });
  const body = sections.toSorted().map((section) => `${RULE}${section}`);
  writeFileSync(target, `This package holds code and data of others, under these licences:\n\n${body.join("\n")}`);
}

interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/** A package, and the text of its licence. */
function noticeOf(root: string, folder: string): { what: string; text: string } {
  const read = (...path: string[]) => readFileSync(join(root, ...path), "utf8").trim();
  const { name, version, license } = JSON.parse(read(folder, "package.json")) as PackageJson;
  const files = readdirSync(join(root, folder)).filter((file) => /^(licen[cs]e|copying|notice)\b/i.test(file));
  const texts = files.toSorted().map((file) => read(folder, file));
  // Some packages say which licence theirs is, and no more: of those its text was looked up, or is the project's own.
  const lookedUp = join(root, LOOKED_UP, `${basename(folder)}.txt`);
  if (texts.length === 0 && existsSync(lookedUp)) texts.push(readFileSync(lookedUp, "utf8").trim());
  if (texts.length === 0 && license === "Apache-2.0") texts.push(read("LICENSE"));
  if (texts.length === 0) throw new Error(`${name} has no licence text`);
  return { what: `${name} ${version}`, text: texts.join("\n\n") };
}
