import type { RunLimits } from "../../lib/run/run.ts";
import type { CoordinatorSettings } from "../settings.ts";

/** MB of memory that come with one processor: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const MEMORY_OF_PROCESSOR = 1769;

/** What each run of an event may take. The function that makes bands is as large as the coordinator. */
export function limitsOf(
  settings: CoordinatorSettings,
  { maxChunks, mostBands }: { readonly maxChunks: number; readonly mostBands: number },
): RunLimits {
  const { CHUNK_SIZE: chunkSize, GRID_MEMORY_MB, GRID_BAND_FUNCTION } = settings;
  const { INVOCATION_STORAGE_MB, INVOCATION_SECONDS, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: memory } = settings;
  const invocation = {
    storageBytes: INVOCATION_STORAGE_MB * 2 ** 20,
    seconds: INVOCATION_SECONDS,
    processors: Math.min(1, memory / MEMORY_OF_PROCESSOR),
    mostBands,
  };
  return {
    maxChunks,
    memoryBytes: GRID_MEMORY_MB * 2 ** 20,
    ...(GRID_BAND_FUNCTION === undefined ? {} : { invocation }),
    ...(chunkSize === undefined ? {} : { chunkSize }),
  };
}
