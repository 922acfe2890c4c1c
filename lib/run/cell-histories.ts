import { hash } from "node:crypto";
import type { FloatArray } from "../grid/floats.ts";
import type { OpenGrid } from "../grid/stored-grid.ts";
import { keys } from "../keys.ts";
import { type HistoryFrame, historyWriter, longestHistory } from "../series/series-csv.ts";
import { keptOrMade, madeAnew, type Sealed } from "../store/sealed.ts";
import type { ObjectStore } from "../store/store.ts";
import { type BaseMeans, baseMeans } from "./base-means.ts";
import type { BaseWork, ChunkPlan, PlannedStation } from "./chunk-records.ts";
import { nameOf, placeOf, type SeriesPlace, stationSeriesReader } from "./station-series.ts";

/** Part of the digests: changes when the same grid and chunk make other bytes, so that older ones are not used. */
const HISTORY_VERSION = 1;

/** Of one object of histories at most: it is read and written at once, and held in memory. */
const OBJECT_BYTES = 4 * 2 ** 20;

/** What is known of the observed anomalies of a cell, or of the cells that a station takes its values from. */
export interface CellHistory {
  /** The part of a CSV before the row for now, in memory of the group's. */
  readonly text: Uint8Array;
  readonly months: number;
  /** How many months are missing, and how many are infinite. */
  readonly missing: number;
  readonly infinite: number;
  /** Where the chunk asks for them. */
  readonly means?: BaseMeans | undefined;
  /** Of several cells, those that it is made of. */
  readonly used?: readonly number[];
}

/** Stations that follow each other in a chunk, and whose histories are kept in one object. */
export interface HistoryGroup {
  readonly stations: readonly PlannedStation[];
  /** Their cells, or groups of cells, each once. */
  readonly places: readonly SeriesPlace[];
}

export interface HistoryReader {
  /** What those of a group take at most, in bytes. */
  readonly most: number;
  groupsOf(stations: readonly PlannedStation[]): HistoryGroup[];
  /**
   * The histories of a group, by the name of the place: as they are kept, or else made of the grid's tiles and kept.
   *
   * @param room - memory for them, which they lie in until it is used again
   */
  read(group: HistoryGroup, room: Uint8Array): Promise<Map<string, CellHistory>>;
}

/**
 * Reads the histories of a chunk's cells. They are the same for every forecast of a month and more, so their text is kept beside
 * the grid: a run of the next day copies it.
 *
 * @param isNew - whether the grid was made by this run: then none are kept yet, and none are asked for
 */
export function historyReader(store: ObjectStore, grid: OpenGrid, chunk: ChunkPlan, isNew: boolean): HistoryReader {
  const { column, missing, base, method, times } = chunk;
  const { id, seconds } = grid.about;
  const seriesOf = stationSeriesReader(grid, method);
  const frame: HistoryFrame = { column, missing, seconds, times };
  const longest = longestHistory(frame);
  const cellsInGroup = Math.max(1, Math.floor(OBJECT_BYTES / longest));
  const years = yearsOfMeans(base);

  async function make({ places }: HistoryGroup, room: Uint8Array): Promise<Sealed<GroupHead>> {
    const write = historyWriter(frame);
    const meansOf = years && baseMeans(seconds, years);
    const histories: KeptHistory[] = [];
    let end = 0;
    for (const place of places) {
      const { anomalies, used } = await seriesOf(place);
      const start = end;
      end = write(anomalies, room, start);
      histories.push({
        bytes: end - start,
        ...countsOf(anomalies),
        ...(meansOf && { means: meansOf(anomalies) }),
        ...(used && { used }),
      });
    }
    return { head: { histories }, body: room.subarray(0, end) };
  }

  return {
    most: cellsInGroup * longest,
    groupsOf: (stations) => groupsOf(stations, cellsInGroup),
    async read(group, room) {
      const places = group.places.map(placeOf);
      const unusual = [method, times].filter((field) => field !== undefined);
      const of = [HISTORY_VERSION, column, missing, years ?? null, seconds, places, ...unusual];
      const key = keys.history(id, hash("sha256", JSON.stringify(of)).slice(0, 32));
      const { head, body } = await (isNew ? madeAnew : keptOrMade)(store, key, () => make(group, room), room);
      let end = 0;
      const histories = head.histories.map(({ bytes, ...counts }, i) => {
        end += bytes;
        const text = body.subarray(end - bytes, end);
        return [nameOf(group.places[i]!), { text, months: seconds.length, ...counts }] as const;
      });
      return new Map(histories);
    },
  };
}

interface GroupHead {
  /** In the order of the places. */
  readonly histories: readonly KeptHistory[];
}

interface KeptHistory extends Pick<CellHistory, "missing" | "infinite" | "means" | "used"> {
  /** Length of its text. */
  readonly bytes: number;
}

/** A forecast that is not rebased is only compared with the observations, by the mean of their anomalies. */
function yearsOfMeans(base: BaseWork | undefined) {
  return base === undefined || base.rebase ? undefined : base.years;
}

function groupsOf(stations: readonly PlannedStation[], cellsInGroup: number): HistoryGroup[] {
  const groups: { stations: PlannedStation[]; places: Map<string, SeriesPlace> }[] = [];
  for (const station of stations) {
    const name = nameOf(station);
    let group = groups.at(-1);
    if (group === undefined || (group.places.size === cellsInGroup && !group.places.has(name))) {
      group = { stations: [], places: new Map() };
      groups.push(group);
    }
    group.stations.push(station);
    group.places.set(name, station);
  }
  return groups.map((group) => ({ stations: group.stations, places: [...group.places.values()] }));
}

function countsOf(anomalies: FloatArray) {
  let [missing, infinite] = [0, 0];
  for (let i = 0; i < anomalies.length; i++) {
    const value = anomalies[i]!;
    if (Number.isNaN(value)) missing++;
    else if (value === Infinity || value === -Infinity) infinite++;
  }
  return { missing, infinite };
}
