import { describe, expect, it } from "vitest";
import type { Notation } from "../../lib/stations/coordinate-text.ts";
import { parseCoordinate } from "../../lib/stations/degrees.ts";
import { golden } from "../support/golden.ts";

const fromPython = golden<Record<string, number>>("stations/degrees-minutes.expected.json");

describe("degrees and minutes", () => {
  it("are every bit those of Python", () => {
    const texts = Object.keys(fromPython);
    expect(texts).toHaveLength(540);
    expect(texts.map((text) => parseCoordinate(text, "lon", "degreesMinutes"))).toEqual(Object.values(fromPython));
    expect(texts.map((text) => parseCoordinate(text, "lon", "degrees"))).toEqual(Object.values(fromPython));
  });

  it.each<[string | number, "lat" | "lon", number]>([
    ["3948N", "lat", 39.8],
    ["3948n", "lat", 39.8],
    [" 3948 N ", "lat", 39.8],
    ["３９４８Ｎ", "lat", 39.8],
    ["N3948", "lat", 39.8],
    ["3948S", "lat", -39.8],
    ["948N", "lat", 9.8],
    ["39N", "lat", 0.65],
    ["9000N", "lat", 90],
    ["10515W", "lon", -105.25],
    ["36000E", "lon", 360],
    ["0000S", "lat", 0],
    ["3948", "lat", 39.8],
    [3948, "lat", 39.8],
    ["-3948", "lat", -39.8],
    [-3948, "lat", -39.8],
  ])("%j as a %s in a column of degrees and minutes is %d", (cell, axis, degrees) => {
    expect(parseCoordinate(cell, axis, "degreesMinutes")).toBe(degrees);
  });

  it.each<[string, "lat" | "lon", number]>([
    ["3948N", "lat", 39.8],
    ["0048N", "lat", 0.8],
    ["948N", "lat", 9.8],
    ["10515E", "lon", 105.25],
    ["0015E", "lon", 0.25],
  ])("%j as a %s in a column of degrees can be nothing else: %d", (cell, axis, degrees) => {
    expect(parseCoordinate(cell, axis, "degrees")).toBe(degrees);
  });
});

describe.each<Notation>(["degrees", "degreesMinutes"])("degrees, minutes and seconds in a column of %s", (notation) => {
  it.each<[string, "lat" | "lon", number]>([
    ["39°N", "lat", 39],
    ["39°48′N", "lat", 39.8],
    ["39°48'", "lat", 39.8],
    ["-39°48’", "lat", -39.8],
    ["39° 48' 30\" N", "lat", 39 + 48 / 60 + 30 / 3600],
    ["39°48'30\"N", "lat", 39 + 48 / 60 + 30 / 3600],
    ["39°48′30″S", "lat", -(39 + 48 / 60 + 30 / 3600)],
    ["39°48′30.5′′N", "lat", 39 + 48 / 60 + 30.5 / 3600],
    ["39º48.5'N", "lat", 39 + 48.5 / 60],
    ["116度28分30秒", "lon", 116 + 28 / 60 + 30 / 3600],
    ["W 75° 30′", "lon", -75.5],
    ["39°48,5'N", "lat", 39 + 48.5 / 60],
    ["52 18 36", "lat", 52 + 18 / 60 + 36 / 3600],
    ["52 18 36 N", "lat", 52 + 18 / 60 + 36 / 3600],
    ["52 18 36.5S", "lat", -(52 + 18 / 60 + 36.5 / 3600)],
    ["52 18 36,5", "lat", 52 + 18 / 60 + 36.5 / 3600],
    ["W 005 04 09", "lon", -(5 + 4 / 60 + 9 / 3600)],
    ["-5  4  9", "lon", -(5 + 4 / 60 + 9 / 3600)],
    ["+52:18:36", "lat", 52 + 18 / 60 + 36 / 3600],
    ["-005:04:09", "lon", -(5 + 4 / 60 + 9 / 3600)],
    ["52:18", "lat", 52.3],
    ["52-18-36N", "lat", 52 + 18 / 60 + 36 / 3600],
    ["005–30W", "lon", -5.5],
    ["39 48N", "lat", 39.8],
    ["N 39 48", "lat", 39.8],
    ["39 48.5", "lat", 39 + 48.5 / 60],
  ])("%j is %d", (cell, axis, degrees) => {
    expect(parseCoordinate(cell, axis, notation)).toBe(degrees);
  });
});

it("two numbers apart are degrees and minutes in a column that says so", () => {
  expect(parseCoordinate("39 48", "lat", "degreesMinutes")).toBe(39.8);
  expect(parseCoordinate("39-48", "lat", "degreesMinutes")).toBe(39.8);
});

describe("decimal degrees", () => {
  it.each<[string | number, "lat" | "lon", number]>([
    ["39.8", "lat", 39.8],
    ["+39.8", "lat", 39.8],
    ["-39.8", "lat", -39.8],
    ["−39.8", "lat", -39.8],
    ["39.80N", "lat", 39.8],
    ["39.80s", "lat", -39.8],
    ["39", "lat", 39],
    [39, "lat", 39],
    [39.8, "lat", 39.8],
    ["39,8", "lat", 39.8],
    ["-39,8", "lat", -39.8],
    ["39,80N", "lat", 39.8],
    ["３９，８", "lat", 39.8],
    ["116,466667", "lon", 116.466667],
    [1e-7, "lat", 1e-7],
    [-180, "lon", -180],
    [360, "lon", 360],
    ["-0.0", "lon", 0],
    [-0, "lon", 0],
  ])("%j as a %s is %d", (cell, axis, degrees) => {
    expect(parseCoordinate(cell, axis, "degrees")).toBe(degrees);
  });
});

describe("what is no coordinate", () => {
  it.each<[string | number, "lat" | "lon", Notation, string, string]>([
    ["3960N", "lat", "degreesMinutes", "sixtieths", 'latitude "3960N" has 60 minutes: they go from 0 to 59'],
    ["39°60′N", "lat", "degrees", "sixtieths", 'latitude "39°60′N" has 60 minutes: they go from 0 to 59'],
    ["39°48′60″N", "lat", "degrees", "sixtieths", 'latitude "39°48′60″N" has 60 seconds: they go from 0 to 59'],
    ["10515E", "lat", "degreesMinutes", "hemisphere", 'latitude "10515E" has the letter E: a latitude has N or S'],
    ["3948N", "lon", "degreesMinutes", "hemisphere", 'longitude "3948N" has the letter N: a longitude has E or W'],
    [
      "9001S",
      "lat",
      "degreesMinutes",
      "range",
      'latitude "9001S" is off the globe: it lies between -90 and 90 degrees',
    ],
    [
      "18001W",
      "lon",
      "degreesMinutes",
      "range",
      'longitude "18001W" is off the globe: it lies between -180 and 360 degrees',
    ],
    ["360.5", "lon", "degrees", "range", 'longitude "360.5" is off the globe: it lies between -180 and 360 degrees'],
    [90.5, "lat", "degrees", "range", "latitude 90.5 is off the globe: it lies between -90 and 90 degrees"],
    [
      3948,
      "lat",
      "degrees",
      "range",
      "latitude 3948 is off the globe: it lies between -90 and 90 degrees; degrees and minutes need 度分 in the header",
    ],
    ["39N", "lat", "degrees", "form", 'latitude "39N" may be degrees or minutes: write 3900N or 39.0N'],
    ["5E", "lon", "degrees", "form", 'longitude "5E" may be degrees or minutes: write 0500E or 5.0E'],
    ["105E", "lon", "degrees", "form", 'longitude "105E" may be degrees or minutes: write 10500E or 105.0E'],
    [
      "39.8N",
      "lat",
      "degreesMinutes",
      "form",
      'latitude "39.8N" has decimals in a column of degrees and minutes: write 3948N or 39°48′N',
    ],
    [39.8, "lat", "degreesMinutes", "form", "latitude 39.8 has decimals in a column of degrees and minutes"],
    ["", "lat", "degrees", "form", 'latitude "" is not a coordinate: write 39.8, 39.80N or 39°48′N'],
    ["N", "lat", "degrees", "form", 'latitude "N" is not a coordinate'],
    ["N39.8N", "lat", "degrees", "form", 'latitude "N39.8N" is not a coordinate'],
    ["-39.8S", "lat", "degrees", "form", 'latitude "-39.8S" is not a coordinate'],
    ["39,8,1", "lat", "degrees", "form", 'latitude "39,8,1" is not a coordinate'],
    ["1,039.8", "lat", "degrees", "form", 'latitude "1,039.8" is not a coordinate'],
    ["39,48", "lat", "degreesMinutes", "form", 'latitude "39,48" has decimals in a column of degrees and minutes'],
    ["5 30", "lat", "degrees", "form", 'latitude "5 30" has a space among its digits: write 39.8, 39.80N or 39°48′N'],
    ["5 5N", "lat", "degrees", "form", 'latitude "5 5N" has a space among its digits'],
    ["5 5", "lat", "degreesMinutes", "form", 'latitude "5 5" has a space among its digits'],
    ["394 80 N", "lat", "degrees", "sixtieths", 'latitude "394 80 N" has 80 minutes: they go from 0 to 59'],
    ["39 480", "lat", "degrees", "form", 'latitude "39 480" has a space among its digits'],
    ["52 18 36 5", "lat", "degrees", "form", 'latitude "52 18 36 5" has a space among its digits'],
    ["52 60 36", "lat", "degrees", "sixtieths", 'latitude "52 60 36" has 60 minutes: they go from 0 to 59'],
    ["52 18 60", "lat", "degrees", "sixtieths", 'latitude "52 18 60" has 60 seconds: they go from 0 to 59'],
    ["91 00 00", "lat", "degrees", "range", 'latitude "91 00 00" is off the globe'],
    ["18-01-05", "lat", "degrees", "form", 'latitude "18-01-05" is not a coordinate'],
    ["39-48", "lat", "degrees", "form", 'latitude "39-48" is not a coordinate'],
    ["394830N", "lat", "degreesMinutes", "form", 'latitude "394830N" is not a coordinate'],
    ["1e1", "lon", "degrees", "form", 'longitude "1e1" is not a coordinate: write 116.47, 116.47E or 116°28′E'],
    ["unknown", "lon", "degrees", "form", 'longitude "unknown" is not a coordinate'],
  ])("%j as a %s in a column of %s: %s", (cell, axis, notation, fault, reason) => {
    expect(parseCoordinate(cell, axis, notation)).toEqual({ fault, reason: expect.stringContaining(reason) });
  });

  it("is cut short in the reason", () => {
    expect(parseCoordinate("x".repeat(500), "lat", "degrees")).toHaveProperty(
      "reason",
      `latitude "${"x".repeat(39)}…" is not a coordinate: write 39.8, 39.80N or 39°48′N`,
    );
  });
});
