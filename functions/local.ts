import { tellError } from "./local/errors.ts";
import { s2sProgram } from "./local/program.ts";

s2sProgram().parseAsync().catch(tellError);
