import type { Random } from "../../lib/sample/random.ts";
import type { Fault, RecordedRequest } from "./s3-server.ts";

/** Faults by the name that the table of `npm run test:faults` gives them. */
const FAULTS = {
  "500": { status: 500, code: "InternalError" },
  "503 SlowDown": { status: 503, code: "SlowDown" },
  "403 AccessDenied": { status: 403, code: "AccessDenied" },
  "404 after success": { status: 404, code: "NoSuchKey", done: true },
  "400 BadDigest": { status: 400, code: "BadDigest" },
  "409 conflict": { status: 409, code: "ConditionalRequestConflict" },
  "412 lost race": { status: 412, code: "PreconditionFailed" },
  "reset before": "reset",
  "answer lost": "lost",
  "reset mid-body": "cut",
  "truncated body": "truncated",
  "wrong checksum": "checksum",
  "flipped bit": "flipped",
  stall: "stall",
  "stall mid-body": "stallBody",
  "done late": "late",
} as const satisfies Record<string, Fault>;

export type FaultKind = keyof typeof FAULTS;

const ANY: FaultKind[] = ["500", "503 SlowDown", "403 AccessDenied", "404 after success", "reset before", "stall"];
const READ: FaultKind[] = [...ANY, "reset mid-body", "truncated body", "stall mid-body"];
// Of a part of an object S3 tells no checksum: there a wrong bit is for TLS to find.
const READ_WHOLE: FaultKind[] = [...READ, "wrong checksum", "flipped bit"];
const WRITE: FaultKind[] = [...ANY, "answer lost", "400 BadDigest", "done late"];
const RACE: FaultKind[] = ["409 conflict", "412 lost race"];

/** What a run asks of S3, and what can go wrong there. */
const TARGETS: readonly (readonly [operation: string, key: RegExp, kinds: readonly FaultKind[]])[] = [
  ["HeadObject", /^(forecasts|observations|stations)\//, ANY],
  ["GetObject", /^(forecasts|observations|stations)\//, READ],
  ["GetObject", /^products\.json$/, READ_WHOLE],
  ["GetObject", /\/(claim|plan|latest)\.json$/, READ_WHOLE],
  ["GetObject", /^grids\/ready\//, READ_WHOLE],
  ["GetObject", /^runs\/series\//, READ_WHOLE],
  ["GetObject", /\/chunks\//, READ_WHOLE],
  ["GetObject", /\/receipts\//, READ_WHOLE],
  ["GetObject", /^grids\/.*\/anomaly\//, READ_WHOLE],
  ["ListObjectsV2", /^$/, READ],
  ["PutObject", /\/claim\.json$/, WRITE],
  ["PutObject", /\/latest\.json$/, WRITE],
  ["PutObject", /\/(claim|latest)\.json$/, RACE],
  ["PutObject", /^runs\/series\//, WRITE],
  ["PutObject", /\/(plan|manifest)\.json$/, WRITE],
  ["PutObject", /\/(chunks|receipts)\//, WRITE],
  ["PutObject", /^grids\/.*\/anomaly\/\d/, WRITE],
  ["PutObject", /^grids\/(ready\/|.*\/(\.z\w+|lat\/0)$)/, WRITE],
  ["PutObject", /\.csv$/, WRITE],
];

/** What serves some of the stations, so that a run whose part fails for good is partial. */
const PARTS: typeof TARGETS = [
  ["GetObject", /\/chunks\/0002/, READ_WHOLE],
  ["GetObject", /^grids\/.*\/anomaly\/\d\.[0-4]\./, READ_WHOLE],
  ["PutObject", /\/500[01]5\.prec\.csv$/, WRITE],
  ["PutObject", /\/receipts\/000[13]/, WRITE],
];

/** One thing that goes wrong: of the requests that match, `spared` go well, then `count` do not. */
export interface FaultRule {
  readonly kind: FaultKind;
  readonly operation: string;
  readonly key: RegExp;
  readonly spared: number;
  readonly count: number;
}

/** How long a fault lasts: it passes with the client's retries, with those of the step, or it stays. */
const COUNTS = [1, 1, 2, 3, 5, 7, 16, Infinity];

/**
 * One to four things that go wrong in a run, and in some runs one that stays for a part of the stations. At most one of
 * them denies what is there: two can agree on a lie.
 */
export function faultSchedule(random: Random): FaultRule[] {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const rules: FaultRule[] = [];
  const add = ([operation, key, kinds]: (typeof TARGETS)[number], spared: number, count: number) => {
    const lied = rules.some(({ kind }) => kind === "404 after success");
    const kind = pick(kinds.filter((one) => !lied || one !== "404 after success"));
    rules.push({ kind, operation, key, spared, count });
  };
  if (random() < 0.3) add(pick(PARTS), 0, Infinity);
  for (let left = 1 + Math.floor(random() * 4); left > 0; left--) {
    add(pick(TARGETS), pick([0, 0, 0, 1, 2, 5]), pick(COUNTS));
  }
  return rules;
}

export interface Injector {
  /** For {@link S3Server.intercept}. */
  readonly intercept: (request: RecordedRequest) => Fault | undefined;
  /** Faults given so far, by kind. */
  readonly injected: Map<FaultKind, number>;
}

/** Gives a server's requests the faults of these rules; where several match, the first. */
export function injector(rules: readonly FaultRule[]): Injector {
  const seen = rules.map(() => 0);
  const injected = new Map<FaultKind, number>();
  return {
    injected,
    intercept({ operation, key }) {
      for (const [i, rule] of rules.entries()) {
        if (operation !== rule.operation || !rule.key.test(key)) continue;
        const position = seen[i]!++;
        if (position < rule.spared || position >= rule.spared + rule.count) continue;
        injected.set(rule.kind, (injected.get(rule.kind) ?? 0) + 1);
        return FAULTS[rule.kind];
      }
      return undefined;
    },
  };
}
