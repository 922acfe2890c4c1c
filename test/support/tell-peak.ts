import { writeFileSync } from "node:fs";
import { peakMiB } from "./processes.ts";

// Loaded before a program: when it ends, its peak of memory is in the file that PEAK_FILE names.
process.on("exit", () => writeFileSync(process.env["PEAK_FILE"]!, String(peakMiB())));
