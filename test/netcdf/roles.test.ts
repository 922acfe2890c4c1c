import { describe, expect, test } from "vitest";
import type { Dataset, Variable } from "../../lib/netcdf/dataset.ts";
import { findPlaces, findRoles } from "../../lib/netcdf/roles.ts";

type Texts = Record<string, string>;

/** A dataset of a variable "v" and coordinate variables, given as name: attributes. */
function datasetOf(coordinates: Record<string, Texts | undefined>, extra: Variable[] = [], ofV: Texts = {}): Dataset {
  const dimensions = Object.keys(coordinates);
  const variables = Object.entries(coordinates).flatMap(([name, texts]) =>
    texts === undefined ? [] : [variable(name, [name], texts)],
  );
  const all = [...variables, ...extra, variable("v", dimensions, ofV)];
  return {
    file: "a.nc",
    format: "classic",
    dimensions: new Map(),
    variables: new Map(all.map((v) => [v.name, v])),
    attributes: {},
    readRaw: () => new Float32Array(),
    readPieces: async () => {},
    close: () => undefined,
  };
}

function variable(name: string, dimensions: string[], texts: Texts): Variable {
  const attributes = Object.fromEntries(
    Object.entries(texts).map(([k, value]) => [k, { type: "char", value }] as const),
  );
  return { name, type: "float32", dimensions, shape: dimensions.map(() => 2), attributes };
}

describe("the roles of dimensions", () => {
  test.each([
    ["degrees_north", "degrees_east"],
    ["degree_north", "degree_east"],
    ["degree_N", "degree_E"],
    ["degrees_N", "degrees_E"],
    ["degreesN", "degreesE"],
    ["degreeN", "degreeE"],
    ["degrees north", "degrees east"],
    ["degree_N", "degree_E"],
    ["Degrees North", "Degrees East"],
    ["deg_n", "deg_e"],
  ])("by the units %s and %s, whatever the names", (north, east) => {
    const dataset = datasetOf({ t: { units: "hours since 1-1-1" }, a: { units: north }, b: { units: east } });
    expect(findRoles(dataset, "v")).toEqual({ time: "t", lat: "a", lon: "b" });
  });

  test("by standard names", () => {
    const dataset = datasetOf({
      x: { standard_name: "latitude" },
      y: { standard_name: "longitude" },
      z: { standard_name: "time" },
    });
    expect(findRoles(dataset, "v")).toEqual({ lat: "x", lon: "y", time: "z" });
  });

  test("by axes", () => {
    const dataset = datasetOf({
      T: { axis: "t" },
      Z: { axis: "Z" },
      Y: { axis: "Y" },
      X: { axis: "X", units: "degrees" },
    });
    expect(findRoles(dataset, "v")).toEqual({ time: "T", level: "Z", lat: "Y", lon: "X" });
  });

  test("by names in any case", () => {
    expect(findRoles(datasetOf({ TIME: {}, ENS: {}, LEV: {}, LAT: {}, LON: {} }), "v")).toEqual({
      time: "TIME",
      member: "ENS",
      level: "LEV",
      lat: "LAT",
      lon: "LON",
    });
    expect(findRoles(datasetOf({ Latitude: {}, Long: {} }), "v")).toEqual({
      time: undefined,
      lat: "Latitude",
      lon: "Long",
    });
  });

  test.each([
    ["Y", "X"],
    ["nlat", "nlon"],
    ["y", "x"],
  ])("by the names %s and %s where they are in degrees", (y, x) => {
    const degrees = { units: "degrees" };
    expect(findRoles(datasetOf({ [y]: degrees, [x]: degrees }), "v")).toMatchObject({ lat: y, lon: x });
    // Without units they may be the numbers of rows and columns.
    expect(findRoles(datasetOf({ [y]: {}, [x]: {} }), "v")).toMatchObject({ lat: undefined, lon: undefined });
  });

  test("by other coordinate variables along them", () => {
    const lat = variable("lat", ["nlat"], { units: "degrees_north" });
    const lon = variable("longitude", ["nlon"], {});
    const dataset = datasetOf({ time: {}, nlat: undefined, nlon: {} }, [lat, lon]);
    expect(findRoles(dataset, "v")).toEqual({ time: "time", lat: "nlat", lon: "nlon" });
    expect(findPlaces(dataset, "v")).toEqual(
      new Map([
        ["nlat", "lat"],
        ["nlon", "longitude"],
        ["time", "time"],
      ]),
    );
  });

  test("but not by one along a dimension that has another role, such as the places of a satellite", () => {
    const places = { north: { units: "degrees_north" }, east: { units: "degrees_east" } };
    const track = Object.entries(places).map(([name, units]) => variable(name, ["time"], units));
    const dataset = datasetOf({ time: { units: "days since 2000-01-01" }, lat: {}, lon: {} }, track);
    expect(findRoles(dataset, "v")).toMatchObject({ time: "time", lat: "lat", lon: "lon" });
  });

  test("by one that is sure where a dimension's own variable may only count", () => {
    const lat = variable("lat", ["y"], { units: "degrees_north" });
    const dataset = datasetOf({ y: { axis: "Y" }, x: { axis: "X" } }, [lat]);
    expect(findPlaces(dataset, "v").get("y")).toBe("lat");
  });

  test("units weigh more than axes, and axes more than names", () => {
    const dataset = datasetOf({ lat: {}, real: { units: "degrees_north" }, lon: {}, east: { axis: "X" } });
    expect(findRoles(dataset, "v")).toEqual({ lat: "real", lon: "east", time: undefined });
  });

  test("are not those of a projection", () => {
    const dataset = datasetOf({
      y: { axis: "Y", units: "m", standard_name: "projection_y_coordinate" },
      rlon: { axis: "X", units: "degrees", standard_name: "grid_longitude" },
      lat: { units: "km" },
    });
    expect(findRoles(dataset, "v")).toEqual({ lat: undefined, lon: undefined, time: undefined });
  });

  test("need a coordinate variable of one dimension", () => {
    const wide = variable("lon", ["lon", "bounds"], { units: "degrees_east" });
    expect(findRoles(datasetOf({ lat: undefined, lon: undefined }, [wide]), "v")).toEqual({
      lat: undefined,
      lon: undefined,
      time: undefined,
    });
  });
});

describe("initial times and leads", () => {
  const since = "hours since 1900-01-01";

  test("by standard names, whatever the names", () => {
    const dataset = datasetOf({
      time: { units: since, standard_name: "forecast_reference_time" },
      ahead: { units: "hours", standard_name: "forecast_period" },
      which: { standard_name: "realization" },
      up: { standard_name: "air_pressure" },
    });
    expect(findRoles(dataset, "v")).toEqual({ init: "time", lead: "ahead", member: "which", level: "up" });
  });

  test("by the names of the IRI data library, the units of an initial time being those of any time", () => {
    const months = "months since 1960-01-01";
    const iri = { S: { units: months }, M: { units: "unitless" }, L: { units: "months" } };
    expect(findRoles(datasetOf(iri), "v")).toEqual({ init: "S", member: "M", lead: "L" });
    expect(findRoles(datasetOf({ L: { units: "months since 1960-01-01" } }), "v")).toEqual({ time: "L" });
  });

  test("an initial time is no valid time, even where it comes first", () => {
    expect(findRoles(datasetOf({ initial_time: { units: since }, target: { units: since } }), "v")).toEqual({
      init: "initial_time",
      time: "target",
    });
    const named = datasetOf({ init: { units: since, standard_name: "time" } });
    expect(findRoles(named, "v")).toEqual({ time: "init" });
  });

  test("dimensions without a coordinate variable, by name", () => {
    const dataset = datasetOf({ ENS: undefined, LEV: undefined, lead: undefined, time: undefined });
    expect(findRoles(dataset, "v")).toEqual({ member: "ENS", level: "LEV", lead: "lead" });
  });
});

test("a curvilinear grid is refused", () => {
  const lat = variable("nav_lat", ["y", "x"], { units: "degrees_north" });
  const lon = variable("nav_lon", ["y", "x"], { units: "degrees_east" });
  const dataset = datasetOf({ time: {}, y: undefined, x: undefined }, [lat, lon], { coordinates: "nav_lat nav_lon" });
  expect(() => findRoles(dataset, "v")).toThrow(
    expect.objectContaining({
      tag: "MissingCoordinate",
      message: expect.stringContaining(
        'a.nc: "v" is on a curvilinear grid, placed by nav_lat and nav_lon. Only grids with',
      ),
    }),
  );
});

test("a curvilinear grid is refused where its rows are only counted", () => {
  const lat = variable("nav_lat", ["y", "x"], { units: "degrees_north" });
  const lon = variable("nav_lon", ["y", "x"], { units: "degrees_east" });
  const dataset = datasetOf({ time: {}, y: { axis: "Y" }, x: { axis: "X" } }, [lat, lon]);
  expect(() => findRoles(dataset, "v")).toThrow("is on a curvilinear grid, placed by nav_lat and nav_lon");
});

test("a name of a file that is no word is not put into a command", () => {
  const lat = variable("lat; rm -rf ~", ["y", "x"], { units: "degrees_north" });
  const lon = variable("$(id)", ["y", "x"], { units: "degrees_east" });
  const dataset = datasetOf({ time: {}, y: undefined, x: undefined }, [lat, lon]);
  expect(() => findRoles(dataset, "v")).toThrow('ncatted -a coordinates,v,o,c,"NAME NAME" in.nc named.nc');
});

test("scalar and unknown auxiliary coordinates make no grid curvilinear", () => {
  const height = variable("height", [], { units: "m" });
  const dataset = datasetOf({ time: {}, y: {}, x: {} }, [height], { coordinates: "height nothing" });
  expect(findRoles(dataset, "v")).toEqual({ time: "time", lat: undefined, lon: undefined });
});

test("a missing variable is told", () => {
  expect(() => findRoles(datasetOf({ time: {} }), "w")).toThrow(
    expect.objectContaining({
      tag: "MissingVariable",
      message: 'a.nc: there is no variable "w". Valid choices: time, v',
    }),
  );
});
