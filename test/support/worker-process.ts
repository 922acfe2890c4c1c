// The worker in a process of its own: answers a chunk's event as the handler does, and `null` with its peak memory.
import { type ChunkEvent, handler } from "../../functions/station-chunk.ts";
import { lambdaContext } from "./lambda-context.ts";
import { connect, peakMiB } from "./processes.ts";

connect(process, async (event) => (event === null ? peakMiB() : handler(event as ChunkEvent, lambdaContext())));
