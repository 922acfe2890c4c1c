import { type DurableContext, InvokeError, withRetry } from "@aws/durable-execution-sdk-js";
import type { Logger } from "@aws-lambda-powertools/logger";
import { InputError, messageOf } from "../../lib/errors.ts";
import { eventAbout, keysMeant, type PrefixEvent, parsePrefixEvent } from "../../lib/run/prefix-event.ts";
import type { Product } from "../../lib/run/product.ts";
import type { ObjectStore } from "../../lib/store/store.ts";
import { stepRetry } from "./durable-engine.ts";
import type { EventResult } from "./event-result.ts";
import { invocationRetry } from "./invocation-retry.ts";
import { plainly, unwrapped } from "./plainly.ts";

/**
 * Forecasts of one execution, which has 3000 operations. Each takes two, a step and an invocation; an attempt that Lambda
 * refuses takes two more, but also so long that there is an end of time before there is one of operations.
 */
const MOST_FORECASTS = 400;
/** Attempts at an invocation that Lambda has no room for. */
const TRIES = 6;
/** A forecast is begun while there is time for so many times the longest so far. */
const SPARE = 2;

export interface EachForecast {
  readonly logger: Logger;
  readonly input: ObjectStore;
  readonly products: () => Promise<readonly Product[]>;
  /** The coordinator, by its name and version: of the execution's own version, like all that it invokes. */
  readonly coordinator: string;
  /** That the execution may last. */
  readonly timeoutSeconds: number;
}

/** What the first step finds. */
interface Found {
  readonly event: PrefixEvent;
  /** Of the forecasts that are begun, if there is time. */
  readonly keys: readonly string[];
  /** How many there are in all. */
  readonly count: number;
}

/**
 * Has every forecast below a prefix done in an execution of its own, one after another: the first makes the grid, the others
 * find it, and no more workers are under way at once than for one. One that fails does not stop the others.
 *
 * @returns how every run ended
 * @throws InputError `BadEvent` where the event is wrong, or no forecast is meant; `BadProduct`
 * @throws Error where a run failed, or forecasts were left for want of time: with what those are, and what to do
 */
export async function eachForecast(
  context: DurableContext,
  event: unknown,
  options: EachForecast,
): Promise<EventResult[]> {
  const { logger, coordinator, timeoutSeconds } = options;
  const found = await plainly(() =>
    context.step("forecasts", () => forecastsOf(parsePrefixEvent(event), options), stepRetry(logger)),
  );
  const results: EventResult[] = [];
  const begun: number[] = [];
  for (const forecastKey of found.keys) {
    const now = await context.step(`time ${begun.length + 1}`, async () => Date.now() / 1000);
    if (!isTimeLeft([...begun, now], timeoutSeconds)) break;
    begun.push(now);
    results.push(...(await invoke(context, coordinator, eventAbout(forecastKey, found.event))));
  }
  requireAll(found, begun.length, results);
  return results;
}

async function forecastsOf(event: PrefixEvent, { input, products }: EachForecast): Promise<Found> {
  const listed: string[] = [];
  for await (const { key } of input.list(event.forecastPrefix)) listed.push(key);
  const defined = await products();
  const keys = keysMeant(listed, event, defined);
  if (keys.length === 0) {
    throw new InputError("BadEvent", `no forecast is below "${event.forecastPrefix}" in ${input.name}`, {
      choices: defined.map((product) => `${product.forecast.pattern} (${product.name})`),
      ...(event.after === undefined ? {} : { hint: `None follows "${event.after}"` }),
    });
  }
  return { event, keys: keys.slice(0, MOST_FORECASTS), count: keys.length };
}

/** @param times - at which forecasts were begun, and now, in seconds */
function isTimeLeft(times: readonly number[], timeoutSeconds: number): boolean {
  const longest = Math.max(0, ...times.slice(1).map((time, i) => time - times[i]!));
  return times.at(-1)! - times[0]! + SPARE * longest < timeoutSeconds;
}

type OneEvent = ReturnType<typeof eventAbout>;

async function invoke(context: DurableContext, coordinator: string, event: OneEvent): Promise<EventResult[]> {
  const { forecastKey, product = null } = event;
  try {
    return await withRetry(
      context,
      forecastKey,
      (attempt) => attempt.invoke<OneEvent, EventResult[]>(forecastKey, coordinator, event),
      // An execution has tried what it could: only one that Lambda had no room for is tried again.
      { retryStrategy: invocationRetry({ tries: TRIES, most: 1 }), wrapWithRunInChildContext: false },
    );
  } catch (error) {
    if (!(error instanceof InvokeError)) throw error;
    return [{ product, forecastKey, status: "failed", error: messageOf(unwrapped(error)) }];
  }
}

function requireAll({ event, keys, count }: Found, begun: number, results: readonly EventResult[]): void {
  const problems: string[] = [];
  const failed = results.filter(({ status }) => status === "failed");
  if (failed.length > 0) problems.push(`${failed.length} of ${begun} could not be done: ${JSON.stringify(failed)}`);
  if (begun < count) {
    const { forecastKey: after, ...wished } = eventAbout(keys[begun - 1]!, event);
    const next = JSON.stringify({ forecastPrefix: event.forecastPrefix, after, ...wished });
    problems.push(`${count - begun} of ${count} forecasts were not begun: send ${next}`);
  }
  if (problems.length > 0) throw new Error(problems.join("; "));
}
