/**
 * Has V8 keep the memory for new objects as small as it has become while the command was loaded. By itself it would double it
 * whenever some of them last, as most do that a plan is made of: 13 MB in the end, which a run gains nothing by.
 */
export function keepYoungSmall(): void {
  process.getBuiltinModule("v8").setFlagsFromString("--semi-space-growth-factor=1");
}
