import type { Context } from "aws-lambda";
import { InputError } from "../../lib/errors.ts";

/** What the functions share that the coordinator invokes. No schema library: they start fast. */

/** Kept in hand when an invocation stops: time to end what is being written, and to say so. */
const RESERVE_MS = 5_000;

/** Ids become keys, so they are held to the letters that ids have. */
const RUN_ID = /^[A-Za-z][\w.-]*-[0-9a-f]{12}$/;
const PART_ID = /^\d{4}$/;
const PRODUCT = /^[A-Za-z][\w-]*$/;

/** A part of a run, and what it is called in an event. */
export type PartEvent<Name extends string> = { readonly runId: string; readonly product: string } & Readonly<
  Record<Name, string>
>;

/**
 * The ids of an event of the coordinator's.
 *
 * @param part - `chunk` or `band`, whose id the event has as `chunkId` or `bandId`
 * @throws InputError `BadEvent`
 */
export function checkEvent<Part extends string>(event: unknown, part: Part): PartEvent<`${Part}Id`> {
  const name = `${part}Id` as const;
  const { runId, product, [name]: id } = (event ?? {}) as Readonly<Record<string, unknown>>;
  if (fits(runId, RUN_ID) && fits(id, PART_ID) && fits(product, PRODUCT)) {
    return { runId, [name]: id, product } as PartEvent<`${Part}Id`>;
  }
  throw new InputError("BadEvent", `${JSON.stringify(event)} names no ${part}`, {
    hint: `Send {"runId": "prec-20200625.202008-0123456789ab", "${name}": "0001", "product": "prec"}`,
  });
}

/**
 * Throws when it is called, and the time of the invocation is almost over.
 *
 * @throws InputError `OutOfTime`
 */
export function timeKeeper(context: Context, { file, hint }: { readonly file: string; readonly hint: string }) {
  return (): void => {
    const left = context.getRemainingTimeInMillis();
    if (left >= RESERVE_MS) return;
    throw new InputError("OutOfTime", `only ${left} ms are left of this invocation`, { file, hint });
  };
}

/** A variable of the environment. @throws InputError `BadSetting` */
export function required(name: string): string {
  const value = process.env[name];
  if (value !== undefined && value !== "") return value;
  throw new InputError("BadSetting", `${name} is not set`, { file: "environment" });
}

/** A mistaken word must not count as `false`: it would show as a bucket that is not there. */
export function flag(name: string): boolean {
  const value = process.env[name] ?? "";
  if (["", "true", "false"].includes(value)) return value === "true";
  throw new InputError("BadSetting", `${name} is "true" or "false", not "${value}"`, { file: "environment" });
}

function fits(value: unknown, form: RegExp): value is string {
  return typeof value === "string" && form.test(value);
}
