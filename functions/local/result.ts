import type { Manifest } from "../../lib/run/records.ts";

/** How a run on this machine ended. */
export interface LocalResult {
  /** What was written; its status says whether all stations were. */
  readonly manifest: Manifest;
  /** Chunks of stations that a run before had done. */
  readonly chunksKept: number;
  /** What is wrong although the manifest does not say it, as it could not be written anew. */
  readonly unsaid?: string;
}
