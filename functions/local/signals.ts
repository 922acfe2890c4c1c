/** Ends the process when it is interrupted, after `last`, so that what it has in the temporary folder is removed. */
export function endOnSignals(last: () => void): void {
  for (const [signal, code] of [
    ["SIGHUP", 129],
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.once(signal, () => {
      last();
      process.exit(code);
    });
  }
}
