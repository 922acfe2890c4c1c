// With compiled code kept between runs, as functions/s2s.js has it.
import { enableCompileCache } from "node:module";

enableCompileCache();
await import("./grid-only.ts");
