import * as z from "zod";
import { asWished, check, endsAsForecast, isObject, isOneMode, type manual, type Wished, wishes } from "./events.ts";
import { findProduct, matchesForecast, type Product } from "./product.ts";

/** An event by hand about every forecast below a prefix of the input bucket, which stands for an event about each. */
export interface PrefixEvent extends Wished {
  readonly forecastPrefix: string;
  /** Only the keys that follow this one, as S3 orders them. */
  readonly after?: string;
}

const form = z
  .strictObject({ forecastPrefix: z.string().min(1), after: z.string().min(1).optional(), ...wishes })
  .refine(...isOneMode);

/** Whether an event is about a prefix, be it a right one or a wrong one. */
export function isAboutPrefix(event: unknown): boolean {
  return isObject(event) && "forecastPrefix" in event;
}

/** @throws InputError `BadEvent` for any other event, naming what is wrong with it */
export function parsePrefixEvent(event: unknown): PrefixEvent {
  const { forecastPrefix, after, ...wished } = check(form, event);
  return { forecastPrefix, ...(after === undefined ? {} : { after }), ...asWished(wished) };
}

/** Which of these keys are meant, in their order. @throws InputError `BadProduct` where the event names one that is none */
export function keysMeant(keys: readonly string[], event: PrefixEvent, products: readonly Product[]): string[] {
  const { product: name, after = "" } = event;
  const chosen = name === undefined ? products : [findProduct(products, name)];
  const isMeant = (key: string) => endsAsForecast(key) && chosen.some((product) => matchesForecast(product, key));
  const isLater = (key: string) => Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0;
  return keys.filter((key) => isLater(key) && isMeant(key));
}

/** The event about one of them, as it would be sent by hand. */
export function eventAbout(forecastKey: string, { product, now, mode }: PrefixEvent): z.input<typeof manual> {
  return {
    forecastKey,
    ...(product === undefined ? {} : { product }),
    ...(now === undefined ? {} : { now: now.replace(" ", "T") }),
    ...(mode === "new" ? {} : { [mode]: true }),
  };
}
