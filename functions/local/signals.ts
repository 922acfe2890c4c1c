const SIGNALS = [
  ["SIGHUP", 129],
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const;

/** For the help of commands that take a while. */
export const INTERRUPTED: Readonly<Record<number, string>> = { 130: "it was interrupted, by Ctrl-C" };

/** Ends the process when it is interrupted, after `last`, so that what it has in the temporary folder is removed. */
export function endOnSignals(last: () => void): void {
  for (const [signal, code] of SIGNALS) {
    process.once(signal, () => {
      last();
      process.exit(code);
    });
  }
}
