import type { PageStation } from "../model.ts";
import type { Places, Point } from "./places.ts";
import type { Zoom } from "./zoom.ts";

export const KEYS_HELP =
  "Arrow keys go to the nearest station in their direction, + and − zoom, 0 shows all, Escape leaves the map.";

const DIRECTIONS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** Stations aside of a direction are as good as ones this many times as far away in it. */
const ASIDE = 2;

interface Keyed {
  /** Those that can be gone to. */
  readonly stations: () => readonly PageStation[];
  readonly places: Places;
  readonly zoom: Pick<Zoom, "in" | "out" | "all">;
  readonly selected: () => PageStation | undefined;
  readonly select: (station: PageStation) => void;
}

/** Gives a map the keyboard while it has the focus. */
export function onKeys(canvas: HTMLCanvasElement, { stations, places, zoom, selected, select }: Keyed): void {
  canvas.addEventListener("keydown", (event) => {
    // What the browser zooms by, and goes back.
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = DIRECTIONS[event.key];
    if (direction !== undefined) {
      const next = nextStation({ stations: stations(), places, from: selected() }, direction);
      if (next !== undefined) select(next);
    } else if (event.key === "+" || event.key === "=") zoom.in();
    else if (event.key === "-" || event.key === "_") zoom.out();
    else if (event.key === "0") zoom.all();
    else if (event.key === "Escape") canvas.blur();
    else return;
    event.preventDefault();
  });
}

/** The station that is nearest in a direction from another one, as the map has them; the first one from none. */
function nextStation(
  {
    stations,
    places,
    from,
  }: {
    readonly stations: readonly PageStation[];
    readonly places: Places;
    readonly from: PageStation | undefined;
  },
  [right, down]: Point,
): PageStation | undefined {
  if (from === undefined) return stations[0];
  const [fromX, fromY] = places.pointOf(from);
  let best: PageStation | undefined;
  let least = Infinity;
  for (const station of stations) {
    const [x, y] = places.pointOf(station);
    const along = (x - fromX) * right + (y - fromY) * down;
    const aside = Math.abs((x - fromX) * down) + Math.abs((y - fromY) * right);
    // Within a quarter of the circle.
    if (along <= 0 || aside > along) continue;
    const distance = along + ASIDE * aside;
    if (distance < least) [best, least] = [station, distance];
  }
  return best;
}
