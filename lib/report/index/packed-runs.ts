/** What the index of all runs holds: made by index-page.ts, unpacked in the browser. */
export interface IndexData {
  /** Base64 of the deflated JSON of the entries, newest first. */
  readonly runs: string;
  /** Of an index that `s2s serve` shows. */
  readonly live?: Live;
}

/** Runs that have not ended. */
export interface Live {
  readonly unfinished: readonly UnfinishedRun[];
}

/** A run that was begun, and has not ended. */
export interface UnfinishedRun {
  readonly runId: string;
  readonly product: string;
  readonly label: string;
  /** Whether somebody is at work with it; if not, it was stopped. */
  readonly isAtWork: boolean;
  /** Chunks of stations, once they are planned. */
  readonly chunks?: { readonly done: number; readonly all: number };
  /** `YYYY-MM-DD HH:MM:SS` UTC. */
  readonly claimedAt: string;
}
