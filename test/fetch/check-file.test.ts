import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkFile } from "../../lib/fetch/check-file.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture } from "../support/golden.ts";

const CLASSIC = "run/CFSv2.Prec.19970520.199707.nc";
const HDF5 = "hdf5/bits.nc";
const GRIB = "grib/months.grib2";

async function check(bytes: Uint8Array): Promise<void> {
  const path = join(temporaryFolder(), "file");
  writeFileSync(path, bytes);
  await checkFile(path, "https://example.org/a.nc");
}

test.each([CLASSIC, HDF5, GRIB])("%s may land", async (name) => {
  await expect(check(readFileSync(fixture(name)))).resolves.toBeUndefined();
});

describe("nothing else lands:", () => {
  test.each([CLASSIC, HDF5, GRIB])("%s, cut off", async (name) => {
    const whole = readFileSync(fixture(name));
    await expect(check(whole.subarray(0, (whole.length * 3) / 4))).rejects.toThrow(
      /^https:\/\/example\.org\/a\.nc: truncated: .* Fetch it again$/,
    );
  });

  test("no bytes at all, a page, a text", async () => {
    await expect(check(new Uint8Array())).rejects.toThrow("is empty");
    const page = new TextEncoder().encode("<!DOCTYPE html><html><body>503</body></html>");
    await expect(check(page)).rejects.toThrow('starts with "<!DOCTYP", as no NetCDF file does');
  });

  test("the first bytes alone", async () => {
    await expect(check(Buffer.from("CDF\x01"))).rejects.toThrow("https://example.org/a.nc");
    await expect(check(Buffer.from("GRIB\0\0\0\x02"))).rejects.toThrow("https://example.org/a.nc");
  });
});
