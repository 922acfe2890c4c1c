import { hash } from "node:crypto";
import type { OpenGrid } from "../grid/stored-grid.ts";
import { keys } from "../keys.ts";
import { type HistoryFrame, historyWriter, longestHistory } from "../series/series-csv.ts";
import { keptOrMade, madeAnew, type Sealed } from "../store/sealed.ts";
import type { ObjectStore } from "../store/store.ts";
import { type BaseMeans, baseMeans } from "./base-means.ts";
import type { BaseWork, ChunkPlan, PlannedStation } from "./chunk-records.ts";

/** Part of the digests: changes when the same grid and chunk make other bytes, so that older ones are not used. */
const HISTORY_VERSION = 1;

/** Of one object of histories at most: it is read and written at once, and held in memory. */
const OBJECT_BYTES = 4 * 2 ** 20;

/** What is known of the observed anomalies of a cell. */
export interface CellHistory {
  /** The part of a CSV before the row for now, in memory of the group's. */
  readonly text: Uint8Array;
  readonly months: number;
  /** How many months are missing, and how many are infinite. */
  readonly missing: number;
  readonly infinite: number;
  /** Where the chunk asks for them. */
  readonly means?: BaseMeans | undefined;
}

/** Stations that follow each other in a chunk, and whose histories are kept in one object. */
export interface HistoryGroup {
  readonly stations: readonly PlannedStation[];
  /** Their cells, each once. */
  readonly cells: readonly PlannedStation["cell"][];
}

export interface HistoryReader {
  /** What those of a group take at most, in bytes. */
  readonly most: number;
  groupsOf(stations: readonly PlannedStation[]): HistoryGroup[];
  /**
   * The histories of a group, by the name of the cell, `lat,lon`: as they are kept, or else made of the grid's tiles and kept.
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
export function historyReader(
  store: ObjectStore,
  { about, seriesOf }: OpenGrid,
  chunk: ChunkPlan,
  isNew: boolean,
): HistoryReader {
  const { column, missing, base } = chunk;
  const { seconds } = about;
  const frame: HistoryFrame = { column, missing, seconds };
  const longest = longestHistory(frame);
  const cellsInGroup = Math.max(1, Math.floor(OBJECT_BYTES / longest));
  const years = yearsOfMeans(base);

  async function make({ cells }: HistoryGroup, room: Uint8Array): Promise<Sealed<GroupHead>> {
    const write = historyWriter(frame);
    const meansOf = years && baseMeans(seconds, years);
    const histories: KeptHistory[] = [];
    let end = 0;
    for (const cell of cells) {
      const anomalies = await seriesOf(cell);
      const start = end;
      end = write(anomalies, room, start);
      histories.push({ bytes: end - start, ...countsOf(anomalies), ...(meansOf && { means: meansOf(anomalies) }) });
    }
    return { head: { histories }, body: room.subarray(0, end) };
  }

  return {
    most: cellsInGroup * longest,
    groupsOf: (stations) => groupsOf(stations, cellsInGroup),
    async read(group, room) {
      const of = [HISTORY_VERSION, column, missing, years ?? null, seconds, group.cells];
      const key = keys.history(about.id, hash("sha256", JSON.stringify(of)).slice(0, 32));
      const { head, body } = await (isNew ? madeAnew : keptOrMade)(store, key, () => make(group, room), room);
      let end = 0;
      const histories = head.histories.map(({ bytes, ...counts }, i) => {
        end += bytes;
        const text = body.subarray(end - bytes, end);
        return [nameOf(group.cells[i]!), { text, months: seconds.length, ...counts }] as const;
      });
      return new Map(histories);
    },
  };
}

/** How maps call a cell. */
export function nameOf(cell: PlannedStation["cell"]): string {
  return cell.join();
}

interface GroupHead {
  /** In the order of the cells. */
  readonly histories: readonly KeptHistory[];
}

interface KeptHistory extends Pick<CellHistory, "missing" | "infinite" | "means"> {
  /** Length of its text. */
  readonly bytes: number;
}

/** A forecast that is not rebased is only compared with the observations, by the mean of their anomalies. */
function yearsOfMeans(base: BaseWork | undefined) {
  return base === undefined || base.rebase ? undefined : base.years;
}

function groupsOf(stations: readonly PlannedStation[], cellsInGroup: number): HistoryGroup[] {
  const groups: { stations: PlannedStation[]; cells: Map<string, PlannedStation["cell"]> }[] = [];
  for (const station of stations) {
    const name = nameOf(station.cell);
    let group = groups.at(-1);
    if (group === undefined || (group.cells.size === cellsInGroup && !group.cells.has(name))) {
      group = { stations: [], cells: new Map() };
      groups.push(group);
    }
    group.stations.push(station);
    group.cells.set(name, station.cell);
  }
  return groups.map((group) => ({ stations: group.stations, cells: [...group.cells.values()] }));
}

function countsOf(anomalies: Float32Array) {
  let [missing, infinite] = [0, 0];
  for (let i = 0; i < anomalies.length; i++) {
    const value = anomalies[i]!;
    if (Number.isNaN(value)) missing++;
    else if (value === Infinity || value === -Infinity) infinite++;
  }
  return { missing, infinite };
}
