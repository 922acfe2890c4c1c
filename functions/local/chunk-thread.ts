import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../lib/errors.ts";
import { runChunk } from "../../lib/run/run-chunk.ts";
import { folderStore } from "../../lib/store/folder.ts";

/** What a thread is given when it starts. */
export interface ChunkThreadData {
  readonly out: string;
  readonly runId: string;
}

/** Its answer to the id of a chunk: done, or why not. */
export interface ChunkAnswer {
  readonly chunkId: string;
  readonly stations: number;
  readonly error?: string;
}

const { out, runId } = workerData as ChunkThreadData;
const store = folderStore(out);

async function answer(chunkId: string): Promise<ChunkAnswer> {
  try {
    const { stations } = await runChunk(store, runId, chunkId, { concurrency: 1 });
    return { chunkId, stations };
  } catch (error) {
    return { chunkId, stations: 0, error: messageOf(error) };
  }
}

parentPort?.on("message", (chunkId: string) => {
  void answer(chunkId).then((reply) => parentPort?.postMessage(reply));
});
