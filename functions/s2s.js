// Starts the command. In JavaScript, since stripping the types of a first file takes longer than all that the cache,
// which is not on before it, then has to load.
import { enableCompileCache } from "node:module";

enableCompileCache();
await import("./local.ts");
