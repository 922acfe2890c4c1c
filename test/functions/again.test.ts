import { expect, test } from "vitest";
import { resumeCommand, sameCommand } from "../../functions/local/again.ts";

const execPath = "/opt/node 24/node";

test.each([
  ["/usr/bin/s2s", { PATH: "/bin:/usr/bin" }, "s2s"],
  ["/usr/bin/s2s", { PATH: "/bin" }, "'/opt/node 24/node' /usr/bin/s2s"],
  ["/p/node_modules/.bin/s2s", { PATH: "/p/node_modules/.bin", npm_command: "exec" }, "npx s2s"],
  ["/p/functions/s2s.js", { npm_command: "run-script" }, "'/opt/node 24/node' /p/functions/s2s.js"],
])("%s with %j is typed again as %s", (program, env, words) => {
  const started = { argv: [execPath, program, "run", "--force", "-o", "it's"], env, execPath };
  expect(resumeCommand(started)).toBe(`${words} run -o 'it'\\''s' --resume`);
  expect(sameCommand(started)).toBe(`${words} run --force -o 'it'\\''s'`);
});
