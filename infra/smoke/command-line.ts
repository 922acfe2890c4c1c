import { Token } from "aws-cdk-lib";
import { inputKeys } from "../../lib/keys.ts";
import type { Settings } from "../settings.ts";

/** The product that the made inputs are of. */
export const SAMPLE_PRODUCT = "prec";

/**
 * The command that tries a deployment of these settings, for a shell; undefined where it does not make the product of the
 * made inputs.
 */
export function smokeCommand(
  { products, observationsKey, stationsKey, baseline }: Settings,
  buckets: { readonly input: string; readonly output: string },
): string | undefined {
  if (!products.includes(SAMPLE_PRODUCT)) return undefined;
  const options = {
    "--input-bucket": buckets.input,
    "--output-bucket": buckets.output,
    "--observations-key": observationsKey,
    "--stations-key": stationsKey === inputKeys.stationTable ? undefined : stationsKey,
    "--baseline": baseline,
  };
  const given = Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [name, quoted(value)]));
  return ["npm run smoke --", ...given].join(" ");
}

/** A bucket's name that only the deployment knows needs no quotes. */
function quoted(text: string): string {
  if (Token.isUnresolved(text) || /^[\w./-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
