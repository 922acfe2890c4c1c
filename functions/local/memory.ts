/** Modules of Node that a run needs later. With an option set that Node was not built with, V8 compiles them anew: three times as long. */
const LOADED_LATER = ["child_process", "perf_hooks", "timers/promises"] as const;

/**
 * Has V8 keep the memory for new objects as small as it has become while the command was loaded. By itself it would double it
 * whenever some of them last, as most do that a plan is made of: 13 MB in the end, which a run gains nothing by.
 */
export function keepYoungSmall(): void {
  for (const name of LOADED_LATER) process.getBuiltinModule(name);
  process.getBuiltinModule("v8").setFlagsFromString("--semi-space-growth-factor=1");
}

/**
 * Has V8 give back what is not used any more. By itself it would see late that the memory in which a grid was made is that of no
 * object, 15 MB of a run of 2000 stations, for 15 ms of processor time; and keep what made the plan until the page is made, 80 MB
 * of a run of 200 000.
 */
export function collectGarbage(): void {
  const { setFlagsFromString } = process.getBuiltinModule("v8");
  setFlagsFromString("--expose-gc");
  // The function is there in contexts that are made from now on.
  const gc = process.getBuiltinModule("vm").runInNewContext("gc") as () => void;
  // What was compiled for the bundle counts with the same options alone.
  setFlagsFromString("--no-expose-gc");
  gc();
}
