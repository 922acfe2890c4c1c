/**
 * The seeds of a random test: 1, 2, 3 … `few` in `npm test`, `many` where `FAULT_SEEDS=all`, as in `npm run
 * test:faults`; or the one of `FAULT_SEED`, to look at a failure again.
 */
export function seeds(few: number, many: number): number[] {
  const { FAULT_SEED, FAULT_SEEDS } = process.env;
  if (FAULT_SEED !== undefined) return [Number(FAULT_SEED)];
  return Array.from({ length: FAULT_SEEDS === "all" ? many : few }, (_, i) => i + 1);
}
