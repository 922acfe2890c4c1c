// The coordinator in a process of its own: answers an event with its results and its peak memory, and asks its parent
// to do the chunks.
import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import type { EventResult } from "../../functions/coordinator/event-result.ts";
import { handler } from "../../functions/coordinator.ts";
import type { ChunkEvent, ChunkResult } from "../../functions/station-chunk.ts";
import { connect, peakMiB } from "./processes.ts";

export interface CoordinatorAnswer {
  readonly results: EventResult[] | undefined;
  readonly peakMiB: number;
}

await LocalDurableTestRunner.setupTestEnvironment({ skipTime: false });

const askParent = connect(process, async (event): Promise<CoordinatorAnswer> => {
  const runner = new LocalDurableTestRunner<EventResult[]>({ handlerFunction: handler });
  runner.registerFunction(process.env["STATION_CHUNK_FUNCTION"] ?? "", (chunk: ChunkEvent) =>
    askParent<ChunkResult>(chunk),
  );
  const execution = await runner.run({ payload: event });
  return { results: execution.getResult(), peakMiB: peakMiB() };
});
