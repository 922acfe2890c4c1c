import { expect, test } from "vitest";
import { describe } from "../../lib/netcdf/cdl.ts";
import { openDataset } from "../../lib/netcdf/open.ts";
import { fixture } from "../support/golden.ts";

async function headerOf(name: string): Promise<string> {
  const dataset = await openDataset(fixture(`netcdf/${name}.nc`), `${name}.nc`);
  dataset.close();
  return describe(dataset);
}

test("the header of a classic file is that of ncdump", async () => {
  expect(await headerOf("classic")).toBe(`netcdf classic.nc { // classic
dimensions:
\ttime = UNLIMITED ; // (4 currently)
\tlat = 2 ;
\tlon = 3 ;
\tletters = 5 ;
variables:
\tbyte fixed_i1(lat, lon) ;
\tbyte record_i1(time, lat, lon) ;
\tshort fixed_i2(lat, lon) ;
\tshort record_i2(time, lat, lon) ;
\tint fixed_i4(lat, lon) ;
\tint record_i4(time, lat, lon) ;
\tfloat fixed_f4(lat, lon) ;
\t\tfixed_f4:units = "m" ;
\t\tfixed_f4:_FillValue = -9.f ;
\tfloat record_f4(time, lat, lon) ;
\tdouble fixed_f8(lat, lon) ;
\tdouble record_f8(time, lat, lon) ;
\tdouble scalar ;
\tchar label(time, letters) ;
// global attributes:
\t\t:title = "Größe" ;
\t\t:bytes = -1b, 127b ;
\t\t:shorts = -2s, 300s ;
\t\t:ints = 70000 ;
\t\t:floats = 0.1f ;
\t\t:doubles = 0.1, -1e+300 ;
\t\t:empty = "" ;
}
`);
});

test("types of NetCDF-4 have their suffixes", async () => {
  const header = await headerOf("types");
  expect(header).toContain("netcdf types.nc { // netCDF-4\n");
  expect(header).toContain("\tuint64 u8(x) ;\n");
  expect(header).toContain("\tother words(x) ;\n");
  expect(header).toContain("\t\t:int64 = 5LL ;\n");
  expect(header).toContain("\t\t:numbers = 1.5f, 2.5f ;\n");
  expect(header).toContain('\t\t:none = "" ;\n');
});

test("an empty file has an empty header", async () => {
  expect(await headerOf("empty-header")).toBe("netcdf empty-header.nc { // classic\n}\n");
});
