import * as fs from "node:fs";
import { dirname } from "node:path";
import { errnoOf } from "../errors.ts";

/**
 * Makes a folder and those above it, of which others may make some meanwhile. Node's own recursion never ends on file
 * systems that take no folders.
 */
export function makeFolders(folder: string): void {
  try {
    makeOne(folder);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT" || dirname(folder) === folder) throw error;
    makeFolders(dirname(folder));
    makeOne(folder);
  }
}

function makeOne(folder: string): void {
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    if (errnoOf(error) !== "EEXIST" || !fs.statSync(folder).isDirectory()) throw error;
  }
}
