import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { App, Stack, Validations } from "aws-cdk-lib";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { AwsSolutionsChecks } from "cdk-nag";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const cdk = join(root, "node_modules/.bin/cdk");
/** No account, and nothing of the machine's but what finds Node. */
const env = { PATH: `${join(root, "node_modules/.bin")}:${process.env["PATH"]}`, HOME: tmpdir(), CI: "true" };

async function run(...args: string[]): Promise<{ code: number; text: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [cdk, ...args], { cwd: root, env });
    return { code: 0, text: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, text: stdout + stderr };
  }
}

test("a synthesis needs no account, finds nothing wrong, and the next one is the same", async () => {
  const out = temporaryFolder();
  const [first, second] = [mkdtempSync(join(out, "first-")), mkdtempSync(join(out, "second-"))];
  expect(await run("synth", "--quiet", "--output", first)).toMatchObject({ code: 0 });

  // With findings it would hold the report of every pack that had some.
  expect(JSON.parse(readFileSync(join(first, "validation-report.json"), "utf8"))).toMatchObject({ pluginReports: [] });
  const template = join(first, "S2sFanout.template.json");
  const diff = await run("diff", "--fail", "--template", template, "--output", second);
  expect(diff.text).toContain("There were no differences");
  expect(diff.code).toBe(0);
});

test("a wrong setting is answered in a line, not with a stack trace", async () => {
  const { code, text } = await run("synth", "--quiet", "--output", temporaryFolder(), "-c", "chunksize=5");
  expect(code).toBe(1);
  expect(text).toMatch(/^cdk context: there is no setting chunksize\. Valid choices: stackName, .*, quietDays$/m);
  expect(text).not.toContain("    at ");
});

test("a finding would fail the synthesis", () => {
  const app = new App({ analyticsReporting: false, outdir: temporaryFolder() });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const { node } = new Bucket(new Stack(app, "Open"), "Bucket");
  expect(() => app.synth()).toThrow(`${node.path}/Resource`);
});
