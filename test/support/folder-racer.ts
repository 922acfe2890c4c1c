import { workerData } from "node:worker_threads";
import { folderStore } from "../../lib/store/folder.ts";

/** Puts objects into folders that are not there yet, each at the same moment as the other racers. */
const { root, rounds, racers, arrived } = workerData as {
  root: string;
  rounds: number;
  racers: number;
  arrived: Int32Array;
};
for (let round = 0; round < rounds; round++) {
  Atomics.add(arrived, 0, 1);
  while (Atomics.load(arrived, 0) < (round + 1) * racers) {
    // Sleeping would wake them one after the other.
  }
  await folderStore(root).put(`${round}/a/b/c`, "here");
}
