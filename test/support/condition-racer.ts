import { setTimeout } from "node:timers/promises";
import { folderStore } from "../../lib/store/folder.ts";
import { sweepFolder } from "../../lib/store/growing.ts";

/**
 * A process that writes on condition beside others: `condition-racer.ts <folder> <rounds>`. It counts one object up so often
 * and claims so many, sweeps in between as the end of a run does, and prints how many of the claims it got.
 */
const [root = "", rounds = ""] = process.argv.slice(2);
const store = folderStore(root);

async function countUp(): Promise<void> {
  for (;;) {
    const { body, etag } = (await store.get("count"))!;
    const next = Number(new TextDecoder().decode(body)) + 1;
    if (await store.putIfMatch("count", String(next), etag)) return;
  }
}

while ((await store.get("go")) === undefined) await setTimeout(1);
let claimed = 0;
for (let round = 0; round < Number(rounds); round++) {
  await countUp();
  if (await store.putIfAbsent(`claims/${round}`, String(process.pid))) claimed += 1;
  if (round % 5 === 0) sweepFolder(root);
}
process.stdout.write(String(claimed));
