import type { FunctionName } from "./bundle.ts";

/** What Node is given in each function. */
export const NODE_OPTIONS: Readonly<Record<FunctionName, string>> = {
  coordinator: "--enable-source-maps",
  // An instance that serves many chunks in a row stays small: its garbage is collected early.
  "station-chunk": "--enable-source-maps --max-old-space-size=64 --max-semi-space-size=4",
};
