import {
  type DurableContext,
  DurableOperationError,
  InvokeError,
  NestingType,
  withRetry,
} from "@aws/durable-execution-sdk-js";
import { messageOf } from "../../lib/errors.ts";
import { ATTEMPTS } from "../../lib/run/chunk-plan.ts";
import type { WorkEnd } from "../../lib/run/engine.ts";
import { invocationRetry, isRefusal, type Patience, REST, secondsOf, triesWithin } from "./invocation-retry.ts";
import { plainly, unwrapped } from "./plainly.ts";

export interface Invocations<Event> {
  readonly kind: "chunk" | "band";
  readonly functionArn: string;
  /** Under way at once. */
  readonly concurrency: number;
  /** Attempts that there are operations for: at least three for each id. */
  readonly attempts: number;
  /** How long those that Lambda refuses may take. */
  readonly seconds: number;
  readonly eventOf: (id: string) => Event;
}

/**
 * Invokes a function for each of these ids, some at once, each a few times if need be. Those that Lambda refused to the last
 * are tried once more after a rest, as long as there are operations and time.
 */
export async function invokeEach<Event>(
  context: DurableContext,
  ids: readonly string[],
  invocations: Invocations<Event>,
): Promise<WorkEnd> {
  const { kind, concurrency, attempts, seconds } = invocations;
  const lanes = Math.min(concurrency, ids.length);
  const errors: Record<string, string> = {};
  let patience: Patience = { attempts, seconds: seconds * lanes };
  let [left, made] = [ids, 0];
  for (let round = 1; ; round++) {
    // Whatever is left, each is invoked once: what fails then, and is not refused, is tried again all the same.
    const tries = Math.max(1, triesWithin(patience, left.length));
    const ends = await invokeRound(context, left, { ...invocations, round, tries });
    for (const { id, attempts: own, error } of ends) {
      delete errors[id];
      if (error !== undefined) errors[id] = messageOf(error);
      made += own;
      patience = { attempts: patience.attempts - own, seconds: patience.seconds - secondsOf(own) };
    }
    left = ends.flatMap(({ id, error }) => (error !== undefined && isRefusal(error) ? [id] : []));
    // The rest and the next round are operations as well, as many as an attempt.
    patience = { attempts: patience.attempts - 1, seconds: patience.seconds - REST * lanes };
    if (left.length === 0 || triesWithin(patience, left.length) === 0) break;
    await plainly(() => context.wait(`${kind}s rest ${round}`, { seconds: REST }));
  }
  return { errors, retries: made - ids.length };
}

interface Round<Event> extends Invocations<Event> {
  /** From 1 on. */
  readonly round: number;
  /** How often each may be tried if it is refused. */
  readonly tries: number;
}

/** How one of them ended. */
interface End {
  readonly id: string;
  readonly attempts: number;
  readonly error?: Error;
}

async function invokeRound<Event>(
  context: DurableContext,
  ids: readonly string[],
  { kind, functionArn, concurrency, eventOf, round, tries }: Round<Event>,
): Promise<End[]> {
  const invoke = async (child: DurableContext, id: string) => {
    let attempts = 0;
    const attempt = async (attemptContext: DurableContext, count: number) => {
      attempts = count;
      await attemptContext.invoke<Event, unknown>(id, functionArn, eventOf(id));
      return attempts;
    };
    try {
      return await withRetry(child, id, attempt, {
        // There are operations for three attempts at each in the first round, and later for no more than its tries.
        retryStrategy: invocationRetry({ tries, most: round === 1 ? Math.max(ATTEMPTS, tries) : tries }),
        // A child context for each attempt would cost operations, and tell nothing more.
        wrapWithRunInChildContext: false,
      });
    } catch (error) {
      if (!(error instanceof InvokeError)) throw error;
      // With its error, as a replay does not make the attempts again.
      throw new InvokeError(error.message, error.cause, String(attempts));
    }
  };
  const batch = await plainly(() =>
    context.map(round === 1 ? `${kind}s` : `${kind}s round ${round}`, [...ids], invoke, {
      maxConcurrency: concurrency,
      itemNamer: (id) => `${kind} ${id}`,
      nesting: NestingType.NESTED,
      // Without this the first failure would stop the map: each is to have its chance.
      completionConfig: { toleratedFailurePercentage: 100 },
    }),
  );
  return [
    ...batch.succeeded().map(({ index, result }) => ({ id: ids[index]!, attempts: result })),
    ...batch
      .failed()
      .map(({ index, error }) => ({ id: ids[index]!, attempts: attemptsOf(error), error: unwrapped(error) as Error })),
  ];
}

/** What {@link invokeRound} left with an error; of any other there was one. */
function attemptsOf(error: unknown): number {
  for (let link = error; link instanceof DurableOperationError; link = link.cause) {
    if (link.errorData !== undefined) return Number(link.errorData);
  }
  return 1;
}
