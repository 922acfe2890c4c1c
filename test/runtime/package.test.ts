import { expect, test } from "vitest";
import { installed } from "../support/installed-package.ts";
import { testPackage } from "../support/package-works.ts";
import { NODE_22 } from "./node-22.ts";

const here = installed(NODE_22);

test("what follows runs on Node 22", async () => {
  expect(await here.run("node", "--version")).toMatch(/^v22\./);
});

testPackage(here);
