import { createHmac, hash } from "node:crypto";

/** A request before it is signed. */
export interface Unsigned {
  readonly method: string;
  /** As it is sent: see {@link encoded}. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** By their names in lower case, `host` among them. All are signed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Signatory {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of a role. */
  readonly sessionToken: string | undefined;
}

/**
 * The headers of a request with those of its signature, AWS's version 4 for S3, the digest of the body in it.
 * See https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function signed(request: Unsigned, by: Signatory, now: Date): Readonly<Record<string, string>> {
  const time = now.toISOString().replace(/[:-]|\.\d+/g, "");
  const scope = [time.slice(0, 8), by.region, "s3", "aws4_request"];
  const digest = hash("sha256", request.body);
  const headers: Record<string, string> = { ...request.headers, "x-amz-content-sha256": digest, "x-amz-date": time };
  if (by.sessionToken !== undefined) headers["x-amz-security-token"] = by.sessionToken;
  const names = Object.keys(headers).toSorted();
  const canonical = [
    request.method,
    request.path,
    queryText(request.query),
    ...names.map((name) => `${name}:${headers[name]!.trim()}`),
    "",
    names.join(";"),
    digest,
  ].join("\n");
  const text = ["AWS4-HMAC-SHA256", time, scope.join("/"), hash("sha256", canonical)].join("\n");
  const key = scope.reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${by.secretAccessKey}`);
  headers["authorization"] =
    `AWS4-HMAC-SHA256 Credential=${by.accessKeyId}/${scope.join("/")}, SignedHeaders=${names.join(";")}, Signature=${hmac(key, text).toString("hex")}`;
  return headers;
}

/** A query as it is sent and signed: in order of names. */
export function queryText(query: Readonly<Record<string, string>>): string {
  const pairs = Object.keys(query).toSorted();
  return pairs.map((name) => `${encoded(name)}=${encoded(query[name]!)}`).join("&");
}

/** Percent-encoded as signatures want it, which is more than a URL needs. */
export function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
