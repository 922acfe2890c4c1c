import { type PutOptions, type S3Client, unquoted } from "../s3-client.ts";
import { checksumOf, type S3Answer, type S3Request, send, type Transport, transportOf } from "./send.ts";
import { elementsOf, textOf } from "./xml.ts";

/**
 * S3 as a Lambda function asks it that must start fast: a few kB in place of the SDK. It knows what Lambda's environment
 * says, `AWS_REGION`, the keys of the function's role and `AWS_ENDPOINT_URL`, and no other source of them; it takes the clock
 * to be right. An object is written by one request, however large it is. All else is as over the SDK.
 */
export function slimClient({ forcePathStyle = false }: { readonly forcePathStyle?: boolean } = {}): S3Client {
  // Asked late, as the SDK does: a function that lacks a setting starts, and says so.
  let transport: Promise<Transport> | undefined;
  const ask = async (request: S3Request): Promise<S3Answer> => {
    transport ??= transportOf(process.env, forcePathStyle);
    return send(await transport, request);
  };
  return {
    async get(place, { range, etag } = {}) {
      const { headers, body } = await ask({
        method: "GET",
        ...place,
        headers: {
          "x-amz-checksum-mode": "ENABLED",
          ...(range !== undefined && { range }),
          ...(etag !== undefined && { "if-match": `"${etag}"` }),
        },
      });
      return { body, etag: unquoted(headers.etag) };
    },

    async head(place) {
      const { headers } = await ask({ method: "HEAD", ...place });
      return { key: place.key, size: Number(headers["content-length"] ?? 0), etag: unquoted(headers.etag) };
    },

    async put(place, body, { contentType, only }) {
      const headers = {
        "content-type": contentType,
        "x-amz-sdk-checksum-algorithm": "CRC32",
        "x-amz-checksum-crc32": checksumOf(body),
        ...condition(only),
      };
      await ask({ method: "PUT", ...place, headers, body });
    },

    async *list(bucket, prefix) {
      let token: string | undefined;
      do {
        const query = { "list-type": "2", prefix, ...(token !== undefined && { "continuation-token": token }) };
        const page = new TextDecoder().decode((await ask({ method: "GET", bucket, key: "", query })).body);
        // One that ends early would hide objects.
        if (!page.trimEnd().endsWith("</ListBucketResult>")) throw new Error("S3's listing breaks off");
        for (const object of elementsOf(page, "Contents")) {
          const etag = unquoted(textOf(object, "ETag"));
          yield { key: textOf(object, "Key") ?? "", size: Number(textOf(object, "Size")), etag };
        }
        token = textOf(page, "NextContinuationToken");
      } while (token !== undefined);
    },
  };
}

function condition(only: PutOptions["only"]): Readonly<Record<string, string>> {
  if (only === undefined) return {};
  return only === "absent" ? { "if-none-match": "*" } : { "if-match": `"${only.etag}"` };
}
