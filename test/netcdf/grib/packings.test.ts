import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Field } from "../../../lib/netcdf/grib/field.ts";
import { readIndex } from "../../../lib/netcdf/grib/messages.ts";
import { type DecodeImage, loadJpeg2000 } from "../../../lib/netcdf/grib/packing/jpeg2000.ts";
import { readField } from "../../../lib/netcdf/grib/values.ts";
import { openFile } from "../../../lib/netcdf/random-access.ts";
import { fixture, golden } from "../../support/golden.ts";

/** How a message was made, its packing, and the latitudes of a Gaussian grid. */
type Case = readonly [made: string, packing: string, ...latitudes: number[]];

const NAME = "grib/packings";
const CASES = golden<readonly Case[]>(`${NAME}.expected.json`);

/** Of all messages, one after another. */
const bytes = gunzipSync(readFileSync(fixture(`${NAME}.f64.gz`)));
const values = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));

let decodeImage: DecodeImage;
beforeAll(async () => void (decodeImage = await loadJpeg2000()));

function opened() {
  const access = openFile(fixture(`${NAME}.grib`), "a.grib");
  onTestFinished(() => access.close());
  return { access, fields: readIndex(access, "a.grib").fields };
}

const sizeOf = ({ grid }: Field) => grid.rows * grid.columns;

describe("messages as ecCodes reads them, to the last bit", () => {
  const packings = [...new Set(CASES.map(([made, packing]) => `${made[0]} ${packing}`))];
  test.each(packings)("edition %s", (kind) => {
    const { access, fields } = opened();
    expect(fields).toHaveLength(CASES.length);
    let start = 0;
    for (const [i, field] of fields.entries()) {
      const expected = values.subarray(start, (start += sizeOf(field)));
      const [made, packing] = CASES[i]!;
      if (`${made[0]} ${packing}` !== kind) continue;
      const found = readField(access, field, decodeImage);
      expect({ made, values: [...found] }).toEqual({ made, values: [...expected] });
    }
    expect(start).toBe(values.length);
  });
});

test("rows of a Gaussian grid lie where ecCodes has them", () => {
  const { fields } = opened();
  const gaussian = CASES.flatMap(([made, , ...latitudes], i) => (latitudes.length > 0 ? [{ made, latitudes, i }] : []));
  expect(gaussian).toHaveLength(4);
  for (const { made, latitudes, i } of gaussian) {
    const rows = fields[i]!.grid.latitudes();
    expect({ made, rows: rows.length }).toEqual({ made, rows: latitudes.length });
    for (const [row, latitude] of latitudes.entries()) expect(rows[row]).toBeCloseTo(latitude, 10);
  }
});
