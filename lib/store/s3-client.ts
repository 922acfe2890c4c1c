import type { ListedObject, StoredObject } from "./store.ts";

/** Connections at once, and so requests under way: further ones wait for a free connection. */
export const CONNECTIONS = 64;
/** A connection that is silent for so long is given up, and its request sent again. */
export const SILENCE_MS = 30_000;
/** How often a request is tried, the first time included. */
export const MAX_ATTEMPTS = 5;

/** Where an object is. */
export interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
}

/** What is known of an object without its bytes. */
export interface ObjectInfo extends ListedObject {
  readonly etag: string;
}

/** What is asked of an object. */
export interface GetOptions {
  /** The value of a `Range` header: S3 then tells no checksum. */
  readonly range?: string | undefined;
  /** Only if the object has this etag. */
  readonly etag?: string | undefined;
}

/** What is said of an object that is written, and on which condition it is. */
export interface PutOptions {
  readonly contentType: string;
  /** Over the object of this etag alone; or, `absent`, only where there is none. */
  readonly only?: { readonly etag: string } | "absent";
}

/**
 * What the store asks of S3, with checksums both ways and patient retries. Etags are without quotes.
 *
 * Each method throws a {@link S3Refusal} for what S3 refuses, and the connection's own error for what breaks again and again.
 */
export interface S3Client {
  get(place: ObjectPlace, options?: GetOptions): Promise<StoredObject>;
  head(place: ObjectPlace): Promise<ObjectInfo>;
  put(place: ObjectPlace, body: Uint8Array, options: PutOptions): Promise<void>;
  /** In order of keys. */
  list(bucket: string, prefix: string): AsyncIterable<ObjectInfo>;
}

/** An answer of S3 that refuses, in the form of the SDK. Its name is S3's code; `Unknown` where the answer had no body. */
export interface S3Refusal extends Error {
  readonly $fault: "client" | "server";
  readonly $metadata: { readonly httpStatusCode?: number | undefined };
}

export function isRefusal(error: unknown): error is S3Refusal {
  return error instanceof Error && "$fault" in error && "$metadata" in error;
}

/** @throws Error where S3 told none */
export function unquoted(etag: string | undefined): string {
  if (etag === undefined) throw new Error("S3 gave no etag");
  return etag.replaceAll('"', "");
}
