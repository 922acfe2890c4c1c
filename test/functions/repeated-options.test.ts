import { expect, test } from "vitest";
import { s2s } from "../support/command.ts";

/** What a pattern's group finds in the help of a command, or of all. */
async function inHelp(each: RegExp, ...command: string[]): Promise<string[]> {
  const { stdout } = await s2s(...command, "--help");
  return Array.from(stdout.matchAll(each), ([, found = ""]) => found);
}

/** Good values for every option whose value is looked at when it is read. */
const VALUES: Readonly<Record<string, readonly [string, string]>> = {
  "--now": ["2020-06-30T12:34:56", "2021-06-30T12:34:56"],
  "--encoding": ["utf-8", "gb18030"],
  "--grid": ["stations", "global"],
  "--since": ["2020-06-30", "2020-07-01"],
  "--status": ["failed", "complete"],
};

test("every option of one value is refused when it is given twice, with both of its values", async () => {
  const commands = (await inHelp(/^ {2}([a-z]+) /gm)).filter((name) => name !== "help");
  expect(commands.length).toBeGreaterThanOrEqual(5);
  for (const command of commands) {
    for (const option of await inHelp(/^ {2}(?: {4})?((?:-[^h], )?--[\w-]+(?: <[^>]+>)?)/gm, command)) {
      const [, name = "", takesValue] = /(--[\w-]+)(?: (.*))?$/.exec(option)!;
      // It takes several.
      if (takesValue?.endsWith("...>") === true) continue;
      const [first, second] = VALUES[name] ?? ["1", "2"];
      const args = takesValue === undefined ? [name, name] : [name, first, name, second];
      const { code, stdout, stderr } = await s2s(command, ...args);
      const times = takesValue === undefined ? "twice" : `twice, as "${first}" and as "${second}"`;
      const refusal = `error: option '${option}' is given ${times}. Give it once`;
      expect([code, stdout, stderr.split("\n")[0]]).toEqual([2, "", refusal]);
    }
  }
});

test("an option that is given again as --option=value is the same option, also with the same value", async () => {
  const { code, stderr } = await s2s("run", "--stations", "a.csv", "--forecast", "b.nc", "--stations=a.csv");
  expect(code).toBe(2);
  expect(stderr).toContain(`option '-s, --stations <file>' is given twice, as "a.csv" and as "a.csv"`);
});
