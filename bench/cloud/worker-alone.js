// One chunk in a process of its own, which prints the most memory that it had, MB: worker-alone.js BUNDLE RUN CHUNK PRODUCT
// In JavaScript, as stripping types would be in the figure; from /proc, as what the system tells of a child otherwise
// begins with the memory of its parent.
import { readFileSync } from "node:fs";

const [bundle, runId, chunkId, product] = process.argv.slice(2);
const { handler } = await import(bundle);
await handler({ runId, chunkId, product }, { getRemainingTimeInMillis: () => 300_000 });
const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
process.stdout.write(String((Number(kilobytes) * 1024) / 1e6));
