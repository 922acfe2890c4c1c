import { errnoOf, InputError, messageOf } from "../errors.ts";
import { isRefusal, type S3Refusal } from "./s3-client.ts";

/** What was tried, as permissions call it. */
export type S3Action = "s3:GetObject" | "s3:PutObject" | "s3:ListBucket";

/** The HTTP status of S3's refusal, or undefined for any other error. */
export function statusOf(error: unknown): number | undefined {
  return isRefusal(error) ? error.$metadata.httpStatusCode : undefined;
}

/** Whether S3 says that there is no such object; not that there is no such bucket. */
export function saysAbsent(error: unknown): boolean {
  return statusOf(error) === 404 && !(isRefusal(error) && error.name === "NoSuchBucket");
}

/**
 * What to throw for an error of S3: an InputError where the user can mend it, else an error that names the object.
 *
 * `InputChanged` for an object with another etag than asked for; `NoAccess` for a bucket that is not there or not open to
 * the caller, so that nobody takes it for a missing object.
 *
 * @param key - the object's key, or the prefix of a listing
 */
export function refusal(error: unknown, action: S3Action, bucket: string, key: string): Error {
  const file = `s3://${bucket}/${key}`;
  if (error instanceof InputError) return error;
  if (!isRefusal(error)) return notConfigured(error, file) ?? named(error, file);
  if (error.name === "NoSuchBucket") {
    return new InputError("NoAccess", "there is no such bucket", {
      file: `s3://${bucket}`,
      hint: "Check the bucket's name and account",
      cause: error,
    });
  }
  // By status: the answer to a HEAD has no body, hence no code.
  switch (statusOf(error)) {
    case 301:
      return new InputError("NoAccess", "the bucket is in another region", {
        file: `s3://${bucket}`,
        hint: "Set AWS_REGION to the bucket's region",
        cause: error,
      });
    case 400:
      return badRequest(error, action, file);
    case 403:
      return new InputError("NoAccess", `S3 refused ${action}: ${reasonOf(error)}`, {
        file,
        hint: HINTS[action],
        cause: error,
      });
    case 412:
      return new InputError("InputChanged", "was replaced while it was read", {
        file,
        hint: "Start the run again",
        cause: error,
      });
    case undefined:
    default:
      return named(error, file);
  }
}

/** What the SDK was not told, so that it asked S3 nothing; undefined for any other error. */
function notConfigured(error: unknown, file: string): InputError | undefined {
  if (!(error instanceof Error)) return undefined;
  const refuse = (hint: string) => new InputError("NoAccess", error.message, { file, hint, cause: error });
  if (error.name === "CredentialsProviderError" || error.name === "TokenProviderError") {
    return refuse("Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  }
  if (error.message === "Region is missing") return refuse("Set AWS_REGION to the bucket's region");
  if (errnoOf(error) === "ERR_INVALID_URL")
    return refuse("Set AWS_ENDPOINT_URL to a URL, such as http://localhost:9000");
  return undefined;
}

/** S3 says 400 of credentials that have expired, and where a HEAD goes to another region, without a body that says so. */
function badRequest(error: S3Refusal, action: S3Action, file: string): Error {
  const { name, message } = error;
  if (!["Unknown", "400", "ExpiredToken", "InvalidToken", "AuthorizationHeaderMalformed"].includes(name)) {
    return named(error, file);
  }
  return new InputError("NoAccess", `S3 refused ${action}: ${reasonOf({ name, message })}`, {
    file,
    hint: "Check that the credentials have not expired, and that AWS_REGION is the bucket's region",
    cause: error,
  });
}

/** An error that says which object it is about: "aborted" alone would tell nobody where. */
function named(error: unknown, file: string): Error {
  const message = messageOf(error);
  return new Error(message.startsWith(file) ? message : `${file}: ${message}`, { cause: error });
}

/** S3's own words, which tell whose policy it was; there are none where the answer had no body. */
function reasonOf({ name, message }: Pick<Error, "name" | "message">): string {
  return name === "Unknown" ? "access is denied" : message;
}

const HINTS: Readonly<Record<S3Action, string>> = {
  "s3:GetObject":
    "Allow s3:GetObject on the bucket's objects, and s3:ListBucket on the bucket: without it S3 says the same of a key that does not exist",
  "s3:PutObject": "Allow s3:PutObject on the bucket's objects",
  "s3:ListBucket": "Allow s3:ListBucket on the bucket",
};
