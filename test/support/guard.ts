/**
 * After so long a test, or what it waits for, hangs. It is the only time-out of the tests, and no more than a guard: where
 * time is the subject, a test waits for the event itself, counts processor time or moves a clock of its own.
 */
export const HANGS_MS = 600_000;
