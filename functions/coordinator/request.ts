import type { Logger } from "@aws-lambda-powertools/logger";
import { isInputError } from "../../lib/errors.ts";
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
 * @throws InputError `BadEvent` for an event that is not understood
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
  return { orders: [...orders.values()], refused };
}
