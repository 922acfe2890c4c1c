// Does one chunk in a process of its own and prints its peak memory, MB: worker-alone.js BUNDLE RUN CHUNK PRODUCT
// In JavaScript, as stripping types would take memory, too. From /proc, as the peak in a child's resource usage begins
// with the memory of its parent.
import { readFileSync } from "node:fs";

const [bundle, runId, chunkId, product] = process.argv.slice(2);
const { handler } = await import(bundle);
await handler({ runId, chunkId, product }, { getRemainingTimeInMillis: () => 300_000 });
const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
process.stdout.write(String((Number(kilobytes) * 1024) / 1e6));
