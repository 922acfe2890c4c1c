import { parentPort, workerData } from "node:worker_threads";
import { type ErrorTag, InputError, messageOf } from "../../lib/errors.ts";
import { type Band, type GridLane, gridLane, type LaneTask, type WrittenTile } from "../../lib/grid/lane.ts";
import { gridReader } from "../../lib/grid/stored-grid.ts";
import { openVariable } from "../../lib/netcdf/open.ts";
import { runChunk } from "../../lib/run/run-chunk.ts";
import { folderPlace } from "../../lib/store/place.ts";
import { hashFile } from "./files.ts";
import { openStore } from "./places.ts";

/** What a thread is asked to do, and what it answers; it does one thing at a time. */
export interface Work {
  hash: { ask: { path: string }; answer: string };
  chunk: { ask: { runId: string; chunkId: string }; answer: { stations: number } };
  /** Opens the archive for the two that follow. */
  archive: { ask: LaneTask; answer: null };
  months: { ask: { band: Band; start: number; stop: number }; answer: null };
  tiles: { ask: { band: Band; from: number; to: number }; answer: WrittenTile[] };
}

export type Asked = { [K in keyof Work]: { readonly kind: K; readonly ask: Work[K]["ask"] } }[keyof Work];

/** Errors lose their class on the way between threads. */
export interface Failure {
  readonly message: string;
  /** Of an {@link InputError}. */
  readonly tag: ErrorTag | undefined;
}

export type Answered = { readonly answer: unknown } | { readonly failure: Failure };

const { out } = workerData as { out: string };
const store = await openStore(out);
/** Series that are written at once: to a bucket most of that time is waiting, to a folder none. */
const concurrency = folderPlace(out).kind === "path" ? 1 : 16;
const gridOf = gridReader(store);
let lane: GridLane | undefined;

function openLane(): GridLane {
  if (lane === undefined) throw new Error("no archive was named to this thread");
  return lane;
}

async function work(asked: Asked): Promise<Work[keyof Work]["answer"]> {
  switch (asked.kind) {
    case "hash":
      return hashFile(asked.ask.path);
    case "chunk": {
      const { stations } = await runChunk(store, asked.ask.runId, asked.ask.chunkId, { concurrency, gridOf });
      return { stations };
    }
    case "archive":
      lane = gridLane(asked.ask, await openVariable(asked.ask.handle), store);
      return null;
    case "months":
      await openLane().readMonths(asked.ask.band, asked.ask.start, asked.ask.stop);
      return null;
    case "tiles":
      return openLane().writeTiles(asked.ask.band, asked.ask.from, asked.ask.to);
    default:
      return asked satisfies never;
  }
}

parentPort?.on("message", (asked: Asked) => {
  work(asked).then(
    (answer) => parentPort?.postMessage({ answer } satisfies Answered),
    (error: unknown) => {
      const tag = error instanceof InputError ? error.tag : undefined;
      parentPort?.postMessage({ failure: { message: messageOf(error), tag } } satisfies Answered);
    },
  );
});
