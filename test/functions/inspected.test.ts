import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { draftProducts, inspect } from "../../functions/local/inspect.ts";
import { isInputError } from "../../lib/errors.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture } from "../support/golden.ts";

/** Fixtures of fields, and not of what a format can be; in order. */
const ROOMS = ["bases", "daily", "grib", "grid", "hindcasts", "hints", "layouts", "run", "units", "views"];
const FILES = ROOMS.flatMap((room) =>
  readdirSync(fixture(room), { recursive: true, encoding: "utf8" }).map((name) => `${room}/${name}`),
)
  .filter((name) => /\.(nc|nc\.gz|grib|grib2)$/.test(name))
  .sort();

/** What an inspection says behind the header, with the product that is drafted of the file; the path left out. */
async function said(name: string): Promise<string> {
  const path = fixture(name);
  const products = join(temporaryFolder(), "products.json");
  try {
    const drafted = await draftProducts([path]).catch((error: unknown) => error as Error);
    if (!(drafted instanceof Error)) writeFileSync(products, drafted.json);
    const text = await inspect([path], drafted instanceof Error ? undefined : products);
    const found = text.slice(text.indexOf("\n}\n") + 3).split("\n");
    const own = name.includes("iri-nmme") ? "prec" : undefined;
    const lines = drafted instanceof Error ? found.filter((line) => !line.startsWith("product ")) : found;
    // Not of the built-in products, unless one has the name of the drafted one, and not of what was not drafted of it.
    const isOther = (line: string) => /^product (prec|t2m-\w+),/.test(line) && !line.startsWith(`product ${own},`);
    return lines
      .filter((line) => line !== "" && !isOther(line) && !line.includes('no variable "VARIABLE"'))
      .join("\n")
      .replaceAll(path, name);
  } catch (error) {
    if (!isInputError(error)) throw error;
    return error.message.replaceAll(path, name);
  }
}

// Written anew with `npx vitest run test/functions/inspected.test.ts --update`, and then to be read by a person.
test("every fixture is inspected: what it can be, when and in which units it is, and whether it fits", async () => {
  const texts: string[] = [];
  for (const name of FILES) texts.push(`# ${name}\n${await said(name)}\n`);
  await expect(texts.join("\n")).toMatchFileSnapshot("../fixtures/inspected.expected.txt");
});
