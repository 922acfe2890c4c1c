import { Worker } from "node:worker_threads";
import { eachLimited } from "../../lib/each-limited.ts";
import { messageOf } from "../../lib/errors.ts";
import type { ChunkAnswer, ChunkThreadData } from "./chunk-thread.ts";

/**
 * Runs chunks on worker threads, each thread with one chunk at a time.
 *
 * @param onDone - called with the stations of every chunk that is done
 * @returns errors by the id of their chunk
 */
export async function runChunks(
  data: ChunkThreadData,
  chunkIds: readonly string[],
  jobs: number,
  onDone: (stations: number) => void,
): Promise<Map<string, string>> {
  const errors = new Map<string, string>();
  const idle: Worker[] = [];
  const threads = Math.min(jobs, chunkIds.length);
  await eachLimited(chunkIds, threads, async (chunkId) => {
    const thread = idle.pop() ?? new Worker(new URL("./chunk-thread.ts", import.meta.url), { workerData: data });
    try {
      const { error, stations } = await ask(thread, chunkId);
      if (error === undefined) onDone(stations);
      else errors.set(chunkId, error);
      idle.push(thread);
    } catch (error) {
      // The thread is gone; the next chunk gets a new one.
      errors.set(chunkId, messageOf(error));
    }
  });
  await Promise.all(idle.map((thread) => thread.terminate()));
  return errors;
}

/** The thread's answer. Rejects where the thread ends without one. */
function ask(thread: Worker, chunkId: string): Promise<ChunkAnswer> {
  return new Promise((resolve, reject) => {
    const listeners = {
      message: (answer: ChunkAnswer) => settle(() => resolve(answer)),
      error: (error: unknown) => settle(() => reject(error)),
      exit: (code: number) => settle(() => reject(new Error(`its thread ended with code ${code}`))),
    };
    const settle = (how: () => void) => {
      for (const [event, listener] of Object.entries(listeners)) thread.off(event, listener);
      how();
    };
    for (const [event, listener] of Object.entries(listeners)) thread.on(event, listener);
    thread.postMessage(chunkId);
  });
}
