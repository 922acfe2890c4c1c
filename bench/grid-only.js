// Starts the bundle of grid-only.ts as functions/s2s.js starts that of the command.
import { openBundle } from "../functions/command-bundle.js";

process.getBuiltinModule("module").enableCompileCache();
// What follows are its own arguments.
const [bundle] = process.argv.splice(2, 1);
openBundle(bundle).load("command.js");
