// As functions/s2s.js does for the command.
import { enableCompileCache } from "node:module";

enableCompileCache();
await import("./grid-only.ts");
