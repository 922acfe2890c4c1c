import { errnoOf } from "../../errors.ts";
import { isRefusal, type S3Refusal } from "../s3-client.ts";
import { textOf } from "./xml.ts";

/** A refusal of S3, in the words of its answer. */
export class S3Error extends Error implements S3Refusal {
  readonly $fault: "client" | "server";
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(status: number, body: string) {
    super(textOf(body, "Message") ?? "UnknownError");
    this.name = textOf(body, "Code") ?? "Unknown";
    this.$fault = status < 500 ? "client" : "server";
    this.$metadata = { httpStatusCode: status };
  }
}

/** A body that is not the one that S3 keeps, as its checksum is another. */
export class ChecksumError extends Error {
  override readonly name = "ChecksumError";
}

/** What Node says of connections that break, of hosts that cannot be reached for the moment, and of silence. */
const PASSING = new Set(
  "ECONNRESET ECONNREFUSED EPIPE ETIMEDOUT EHOSTUNREACH ENETUNREACH ENOTFOUND EAI_AGAIN".split(" "),
);
const PASSING_STATUS = new Set([429, 500, 502, 503, 504]);

/** Whether the same request may go well a little later. */
export function mayPass(error: unknown): boolean {
  if (error instanceof ChecksumError) return true;
  if (!isRefusal(error)) {
    return PASSING.has(errnoOf(error) ?? "") || (error instanceof Error && error.name === "TimeoutError");
  }
  return (
    isThrottled(error) || error.name === "RequestTimeout" || PASSING_STATUS.has(error.$metadata.httpStatusCode ?? 0)
  );
}

/** Whether S3 asks for fewer requests. */
export function isThrottled(error: unknown): boolean {
  return isRefusal(error) && (error.$metadata.httpStatusCode === 429 || error.name === "SlowDown");
}
