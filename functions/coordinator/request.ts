import type { Logger } from "@aws-lambda-powertools/logger";
import { InputError, isInputError } from "../../lib/errors.ts";
import { MAX_CHUNKS } from "../../lib/run/chunk-plan.ts";
import { ordersOf, parseEvent, type RunOrder } from "../../lib/run/events.ts";
import type { Product } from "../../lib/run/product.ts";

/** A forecast that no run is made of, and why. */
export interface Refusal {
  readonly forecastKey: string;
  readonly error: string;
}

/**
 * The runs that an event asks for, and the forecasts of it that no product takes.
 *
 * @param inputBucket - the only one that an event may be about
 * @throws InputError `BadEvent` for an event that is not understood, or that asks for more than one execution can do
 */
export function requestedRuns(
  event: unknown,
  products: readonly Product[],
  inputBucket: string,
  logger: Logger,
): { orders: RunOrder[]; refused: Refusal[] } {
  // A notification may tell of an object twice: a run is asked for once.
  const orders = new Map<string, RunOrder>();
  const refused: Refusal[] = [];
  for (const forecast of parseEvent(event)) {
    try {
      for (const order of ordersOf(forecast, products, inputBucket)) {
        orders.set(JSON.stringify([order.product.name, order.forecastKey]), order);
      }
    } catch (error) {
      if (!isInputError(error)) throw error;
      const refusal = { forecastKey: forecast.forecastKey, error: error.message };
      refused.push(refusal);
      logger.error("forecast refused", refusal);
    }
  }
  // Each has one chunk at least, and the chunks of all share the operations of one execution.
  if (orders.size > MAX_CHUNKS) {
    throw new InputError("BadEvent", `it asks for ${orders.size} runs, and an execution can do ${MAX_CHUNKS}`, {
      hint: "Send its records in several events",
    });
  }
  return { orders: [...orders.values()], refused };
}
