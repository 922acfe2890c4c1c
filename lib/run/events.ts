import * as z from "zod";
import { InputError } from "../errors.ts";
import { FORECAST_SUFFIXES, inputKeys } from "../keys.ts";
import type { RunMode, RunRequest } from "./claim.ts";
import { matchesForecast, type Product } from "./product.ts";

/** What an event by hand wishes of its runs. */
export interface Wished {
  /** Only this product; otherwise every product whose pattern the key matches. */
  readonly product?: string;
  /** `YYYY-MM-DD HH:MM:SS` UTC. */
  readonly now?: string;
  readonly mode: RunMode;
}

/** A forecast file that an event tells of. */
export interface ForecastEvent extends Wished {
  readonly forecastKey: string;
  /** The bucket that the event names; a manual event names none. */
  readonly bucket?: string;
}

/** A run to do: one product for one forecast file. */
export interface RunOrder extends RunRequest {
  readonly forecastKey: string;
}

/** Where an upload starts runs; by hand, any key may be named. */
const FORECASTS = inputKeys.forecasts;

const s3Notification = z.object({
  Records: z
    .array(
      z.object({
        eventSource: z.literal("aws:s3"),
        eventName: z.string().regex(/^ObjectCreated:/, "only ObjectCreated events start runs"),
        s3: z.object({ bucket: z.object({ name: z.string().min(1) }), object: z.object({ key: z.string().min(1) }) }),
      }),
    )
    .min(1),
});

/** What S3 sends once, when a notification is set up. */
const s3Test = z.object({ Service: z.literal("Amazon S3"), Event: z.literal("s3:TestEvent") });

const eventBridge = z.object({
  source: z.literal("aws.s3"),
  "detail-type": z.literal("Object Created"),
  detail: z.object({ bucket: z.object({ name: z.string().min(1) }), object: z.object({ key: z.string().min(1) }) }),
});

/** What SNS hands on: of S3, the text of a notification. */
const snsNotification = z.object({
  Records: z.array(z.object({ Sns: z.object({ Message: z.string() }) })).min(1),
});

/** What an event by hand may say of its runs. */
export const wishes = {
  product: z.string().min(1).optional(),
  now: z.iso
    .datetime({ local: true, error: "a UTC time such as 2020-06-30T12:34:56" })
    .transform((text) => text.replace("T", " ").replace(/(\.\d+)?Z?$/, ""))
    .pipe(z.string().regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/, "a time with seconds"))
    .optional(),
  resume: z.boolean().default(false),
  force: z.boolean().default(false),
};

export const isOneMode = [
  ({ resume, force }: { resume: boolean; force: boolean }) => !(resume && force),
  "resume and force exclude each other",
] as const;

export const manual = z.strictObject({ forecastKey: z.string().min(1), ...wishes }).refine(...isOneMode);

/** The right forms, for the message about a wrong one. */
const FORMS =
  'Send {"forecastKey": "forecasts/CFSv2.Prec.20200625.202008.nc"}, with "product", "now": "2020-06-30T12:34:56", "resume": true or "force": true if need be; or {"forecastPrefix": "forecasts/2019/"} for all below it; or an S3 notification, also by an SNS topic; or an EventBridge "Object Created" event';

/**
 * The forecast files of an event: an S3 notification with any number of records, whose keys are URL-encoded, also as SNS
 * hands it on; an EventBridge event of S3, whose key is not; or a manual event. None for S3's test event, and of what a topic
 * tells only those whose upload starts runs, as it is there for others, too.
 *
 * @throws InputError `BadEvent` for any other form, naming what is wrong with it
 */
export function parseEvent(event: unknown): ForecastEvent[] {
  if (s3Test.safeParse(event).success) return [];
  if (snsNotification.safeParse(event).success) {
    const messages = check(snsNotification, event).Records.map(({ Sns: { Message } }) => messageIn(Message));
    return messages.flatMap(parseEvent).filter(({ forecastKey }) => startsRuns(forecastKey));
  }
  if (isObject(event) && "Records" in event) {
    return check(s3Notification, event).Records.map(({ s3 }) => ({
      forecastKey: decodeKey(s3.object.key),
      bucket: s3.bucket.name,
      mode: "new",
    }));
  }
  if (isObject(event) && "detail-type" in event) {
    const { bucket, object } = check(eventBridge, event).detail;
    return [{ forecastKey: object.key, bucket: bucket.name, mode: "new" }];
  }
  const { forecastKey, ...wished } = check(manual, event);
  return [{ forecastKey, ...asWished(wished) }];
}

/**
 * The runs that an event's forecasts ask for: one for the product that it names, or one for every product whose
 * pattern the key matches.
 *
 * @throws InputError `BadEvent` for a key that no product matches, or of another bucket or prefix; `BadProduct`
 */
export function ordersOf(event: ForecastEvent, products: readonly Product[], inputBucket: string): RunOrder[] {
  const { forecastKey, bucket, product: name, mode, now } = event;
  if (bucket !== undefined && bucket !== inputBucket) {
    throw new InputError("BadEvent", `the event is about bucket "${bucket}"`, {
      file: forecastKey,
      hint: `Forecasts are read from "${inputBucket}" alone`,
    });
  }
  if (bucket !== undefined && !forecastKey.startsWith(FORECASTS)) {
    throw new InputError("BadEvent", `the event is about an object that is not below ${FORECASTS}`, {
      file: forecastKey,
      hint: `Upload forecasts below ${FORECASTS}, and limit the notification to that prefix`,
    });
  }
  const chosen =
    name === undefined
      ? products.filter((product) => matchesForecast(product, forecastKey))
      : products.filter((product) => product.name === name);
  if (chosen.length === 0) {
    throw name === undefined
      ? new InputError("BadEvent", "no product's forecast pattern matches this name", {
          file: forecastKey,
          choices: products.map((p) => `${p.forecast.pattern} (${p.name})`),
        })
      : new InputError("BadProduct", `there is no product "${name}"`, { choices: products.map((p) => p.name) });
  }
  return chosen.map((product) => ({ product, forecastKey, mode, ...(now === undefined ? {} : { now }) }));
}

export function asWished({ product, now, resume, force }: z.output<z.ZodObject<typeof wishes>>): Wished {
  return {
    ...(product === undefined ? {} : { product }),
    ...(now === undefined ? {} : { now }),
    mode: resume ? "resume" : force ? "force" : "new",
  };
}

function startsRuns(key: string): boolean {
  return key.startsWith(FORECASTS) && endsAsForecast(key);
}

export function endsAsForecast(key: string): boolean {
  return FORECAST_SUFFIXES.some((suffix) => key.endsWith(suffix));
}

/** A message of S3. A manual event comes by no topic. */
function messageIn(text: string): unknown {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch (cause) {
    throw new InputError("BadEvent", "the message of a topic is no JSON", { cause, hint: FORMS });
  }
  if (isObject(message) && "forecastKey" in message) {
    throw new InputError("BadEvent", "the message of a topic is no event of S3", { hint: FORMS });
  }
  return message;
}

export function check<T extends z.ZodType>(schema: T, event: unknown): z.output<T> {
  const parsed = schema.safeParse(event);
  if (parsed.success) return parsed.data;
  // Of a message only indented lines are lines.
  const problems = z.prettifyError(parsed.error).replaceAll("\n✖", "\n  ✖");
  throw new InputError("BadEvent", `the event is not understood: ${problems}`, { hint: FORMS });
}

/** S3 notifications carry keys as HTML forms do: a plus is a space. */
function decodeKey(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll("+", " "));
  } catch (cause) {
    throw new InputError("BadEvent", `"${encoded}" is not a URL-encoded key`, { cause, hint: FORMS });
  }
}

export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
