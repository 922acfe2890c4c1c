import { setTimeout } from "node:timers/promises";
import { bucket, startS3 } from "../../test/support/s3-server.ts";

/**
 * An S3 server in a process of its own, so that its work is not timed as the functions'. It answers every request some
 * milliseconds late. To any message it answers with the number of requests since the last message, by operation.
 */

const [latency = "0", ...buckets] = process.argv.slice(2);
const s3 = await startS3();
for (const name of buckets) bucket(s3, name);
s3.intercept = async () => {
  await setTimeout(Number(latency));
  return undefined;
};
process.on("message", () => {
  const counts: Record<string, number> = {};
  for (const { operation } of s3.requests.splice(0)) counts[operation] = (counts[operation] ?? 0) + 1;
  process.send?.({ counts });
});
process.on("disconnect", () => process.exit());
process.send?.({ endpoint: s3.endpoint });
