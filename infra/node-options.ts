import type { FunctionName } from "./bundle.ts";

/** Node's command-line options in each function. */
export const NODE_OPTIONS: Readonly<Record<FunctionName, string>> = {
  coordinator: "--enable-source-maps",
  fetcher: "--enable-source-maps",
  "grid-band": "--enable-source-maps",
  // Small limits make Node collect garbage early, so that an instance that serves many chunks in a row stays small.
  "station-chunk": "--enable-source-maps --max-old-space-size=64 --max-semi-space-size=4",
};
