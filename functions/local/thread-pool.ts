import { getCompileCacheDir } from "node:module";
import { dirname, extname } from "node:path";
import { Worker } from "node:worker_threads";
import { eachLimited } from "../../lib/each-limited.ts";
import { InputError, messageOf } from "../../lib/errors.ts";
import type { GridLane, LaneTask } from "../../lib/grid/lane.ts";
import type { Answered, Failure, Work } from "./thread.ts";

/** Threads that do the work of a run, each one piece of it at a time. */
export class ThreadPool {
  readonly #out: string;
  readonly #idle: Worker[] = [];
  readonly #size: number;

  /** @param out - folder, bucket or prefix with the layout of the output bucket */
  constructor(out: string, size: number) {
    this.#out = out;
    this.#size = size;
  }

  /** Starts all threads before there is work, as starting takes a while; otherwise each starts when it is needed. */
  start(): void {
    while (this.#idle.length < this.#size) this.#idle.push(this.#make());
  }

  /**
   * Writes the series of chunks.
   *
   * @param onDone - called with the stations of every chunk that is done
   * @returns errors by the id of their chunk
   */
  async runChunks(
    runId: string,
    chunkIds: readonly string[],
    onDone: (stations: number) => void,
  ): Promise<Map<string, string>> {
    const errors = new Map<string, string>();
    await eachLimited(chunkIds, this.#size, async (chunkId) => {
      try {
        const { stations } = await this.#anyone("chunk", { runId, chunkId });
        onDone(stations);
      } catch (error) {
        errors.set(chunkId, messageOf(error));
      }
    });
    return errors;
  }

  /** SHA-256 of a file, while this thread goes on. @throws InputError `FileNotFound` */
  hash(path: string): Promise<string> {
    return this.#anyone("hash", { path });
  }

  /** A lane on each thread, which has opened the archive. @throws InputError as opening it does */
  gridLanes(task: LaneTask): Promise<GridLane[]> {
    this.start();
    return Promise.all(
      this.#idle.map(async (thread): Promise<GridLane> => {
        await ask(thread, "archive", task);
        return {
          async readMonths(band, start, stop) {
            await ask(thread, "months", { band, start, stop });
          },
          writeTiles: (band, from, to) => ask(thread, "tiles", { band, from, to }),
        };
      }),
    );
  }

  /** Ends all threads, whatever they do. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((thread) => thread.terminate()));
  }

  #make(): Worker {
    const cache = getCompileCacheDir();
    // Among the sources thread.ts, and in the package, where all that is bundled lies in one folder, thread.js.
    const program = new URL(`./thread${extname(import.meta.filename)}`, import.meta.url);
    const thread = new Worker(program, {
      workerData: { out: this.#out },
      // The directory is that of this version of Node, in the one that was asked for.
      env: { ...process.env, ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) }) },
    });
    // An error without a listener would end the process; whoever waits for the thread has one of its own.
    return thread.on("error", () => {});
  }

  /** Has a thread that is free do a piece of work. One that ends meanwhile is replaced when it is needed. */
  #anyone<K extends keyof Work>(kind: K, task: Work[K]["ask"]): Promise<Work[K]["answer"]> {
    const thread = this.#idle.pop() ?? this.#make();
    return ask(thread, kind, task, () => this.#idle.push(thread));
  }
}

/**
 * The thread's answer.
 *
 * @param onFree - called when the thread can be asked again, be it that it failed
 * @throws InputError, or Error, as the work did; Error where the thread ended without an answer
 */
function ask<K extends keyof Work>(
  thread: Worker,
  kind: K,
  task: Work[K]["ask"],
  onFree: () => void = () => {},
): Promise<Work[K]["answer"]> {
  return new Promise((resolve, reject) => {
    const listeners = {
      message(said: Answered) {
        settle();
        onFree();
        if ("failure" in said) reject(errorOf(said.failure));
        else resolve(said.answer as Work[K]["answer"]);
      },
      error(error: unknown) {
        settle();
        reject(error);
      },
      exit(code: number) {
        settle();
        reject(new Error(`its thread ended with code ${code}`));
      },
    };
    const settle = () => {
      for (const [event, listener] of Object.entries(listeners)) thread.off(event, listener);
    };
    for (const [event, listener] of Object.entries(listeners)) thread.on(event, listener);
    thread.postMessage({ kind, ask: task });
  });
}

/** The whole message is there already. */
function errorOf({ message, tag }: Failure): Error {
  return tag === undefined ? new Error(message) : new InputError(tag, message);
}
