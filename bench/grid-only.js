// With compiled code kept between runs, as functions/s2s.js has it.
import { enableCompileCache } from "node:module";
import { pathToFileURL } from "node:url";

enableCompileCache();
// The bundle of grid-only.ts; what follows are its own arguments.
const [bundle] = process.argv.splice(2, 1);
await import(pathToFileURL(bundle).href);
