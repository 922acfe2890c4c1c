import { quoted } from "./cells.ts";
import { coordinateText, type Notation } from "./coordinate-text.ts";

/** Why a cell is not a coordinate. */
export interface CoordinateFault {
  readonly fault:
    | "form" // none of the forms, or one that can mean two things
    | "sixtieths" // 60 or more minutes or seconds
    | "hemisphere" // the letter of the other axis
    | "range"; // off the globe
  /** A sentence with the value found and what would be valid. */
  readonly reason: string;
}

interface CoordinateAxis {
  readonly title: string;
  readonly positive: string;
  readonly negative: string;
  readonly min: number;
  readonly max: number;
  readonly examples: Readonly<Record<Notation, string>>;
}

const AXES: Readonly<Record<"lat" | "lon", CoordinateAxis>> = {
  lat: {
    title: "latitude",
    positive: "N",
    negative: "S",
    min: -90,
    max: 90,
    examples: { degreesMinutes: "3948N or 39°48′N", degrees: "39.8, 39.80N or 39°48′N" },
  },
  lon: {
    title: "longitude",
    positive: "E",
    negative: "W",
    min: -180,
    max: 360,
    examples: { degreesMinutes: "11628E or 116°28′E", degrees: "116.47, 116.47E or 116°28′E" },
  },
};

/**
 * Degrees north or east of a cell, or why it is no coordinate.
 *
 * - `3948N`, `10515E`: degrees and minutes, the minutes being the last two digits. In a column of plain degrees only
 *   where it cannot be whole degrees: `39N` is refused there.
 * - `39°48′N`, `39°48′30″`, `39 48 30`, `39:48:30`, `39 48N`: degrees, minutes and seconds, in any column.
 * - `39.8`, `39,8`, `-39.8`, `39.80N`, and in a column of plain degrees `39`: decimal degrees. A column of degrees and
 *   minutes refuses them, as `39.48` may well mean 39°48′ there; there, `3948` is 39°48′.
 *
 * S and W are negative. Letters may be small, full-width or in front.
 */
export function parseCoordinate(
  cell: string | number,
  axisName: "lat" | "lon",
  notation: Notation,
): number | CoordinateFault {
  const axis = AXES[axisName];
  const faulty = (fault: CoordinateFault["fault"], problem: string): CoordinateFault => ({
    fault,
    reason: `${axis.title} ${quoted(cell)} ${problem}`,
  });
  const onGlobe = (value: number): number | CoordinateFault => {
    if (value >= axis.min && value <= axis.max) return value === 0 ? 0 : value; // -0 would print as such
    const hint =
      notation === "degrees" && Number.isInteger(value) ? "; degrees and minutes need 度分 in the header" : "";
    return faulty("range", `is off the globe: it lies between ${axis.min} and ${axis.max} degrees${hint}`);
  };
  if (typeof cell === "number" && notation === "degrees") return onGlobe(cell);

  const text = coordinateText(cell, notation);
  // Squeezed together, 5 5 would be 55.
  if (text.includes(" ")) return faulty("form", `has a space among its digits: write ${axis.examples[notation]}`);
  const parts = /^([-+]?)([NSEW]?)([^NSEW+-]+)([NSEW]?)$/.exec(text);
  const [, sign = "", before = "", body = "", after = ""] = parts ?? [];
  const letter = before + after;
  if (parts === null || letter.length > 1 || (sign !== "" && letter !== "")) {
    return faulty("form", `is not a coordinate: write ${axis.examples[notation]}`);
  }
  if (letter !== "" && letter !== axis.positive && letter !== axis.negative) {
    return faulty("hemisphere", `has the letter ${letter}: a ${axis.title} has ${axis.positive} or ${axis.negative}`);
  }
  const size = magnitude(body, letter, notation, axis);
  if (typeof size !== "number") return faulty(size.fault, size.problem);
  return onGlobe(sign === "-" || letter === axis.negative ? -size : size);
}

interface Unreadable {
  readonly fault: CoordinateFault["fault"];
  readonly problem: string;
}

/** Degrees without sign. */
function magnitude(body: string, letter: string, notation: Notation, axis: CoordinateAxis): number | Unreadable {
  const marked = /^(\d{1,3})°(?:(\d{1,2}(?:\.\d+)?)'|(\d{1,2})'(\d{1,2}(?:\.\d+)?)")?$/.exec(body);
  if (marked !== null) {
    return sexagesimal(Number(marked[1]), Number(marked[2] ?? marked[3] ?? 0), Number(marked[4] ?? 0));
  }

  if (/^\d{1,5}$/.test(body)) {
    const digits = Number(body);
    if (notation === "degrees" && letter === "") return digits;
    if (notation === "degrees" && body.length < 4 && digits <= axis.max) {
      const degreesMinutes = `${`${digits}00`.padStart(4, "0")}${letter}`;
      return {
        fault: "form",
        problem: `may be degrees or minutes: write ${degreesMinutes} or ${digits}.0${letter}`,
      };
    }
    const degrees = Math.trunc(digits / 100);
    return sexagesimal(degrees, digits - degrees * 100, 0);
  }

  if (/^\d{1,3}\.\d+$/.test(body)) {
    if (notation === "degrees") return Number(body);
    return {
      fault: "form",
      problem: `has decimals in a column of degrees and minutes: write ${axis.examples[notation]}`,
    };
  }
  return { fault: "form", problem: `is not a coordinate: write ${axis.examples[notation]}` };
}

/** The sum in Python's order of `v // 100 + (v - v // 100 * 100) / 60`, so that every bit of it is the same. */
function sexagesimal(degrees: number, minutes: number, seconds: number): number | Unreadable {
  if (minutes >= 60) return { fault: "sixtieths", problem: `has ${minutes} minutes: they go from 0 to 59` };
  if (seconds >= 60) return { fault: "sixtieths", problem: `has ${seconds} seconds: they go from 0 to 59` };
  const whole = degrees + minutes / 60;
  return seconds === 0 ? whole : whole + seconds / 3600;
}
