import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { PutObjectCommand, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { s3Store } from "../../lib/store/s3.ts";
import { s3File } from "../../lib/store/s3-file.ts";
import { overSdk } from "../../lib/store/s3-sdk.ts";
import { getJson } from "../../lib/store/store.ts";
import { bucket, type Fault, objects, type S3Server, startS3 } from "../support/s3-server.ts";
import { giveUpOnSilence } from "../support/silence.ts";

const MIB = 2 ** 20;

let s3: S3Server;
beforeAll(async () => {
  giveUpOnSilence();
  s3 = await startS3();
  bucket(s3, "data");
});
beforeEach(() => {
  s3.requests.length = 0;
  s3.store.emptyBucket("data");
});
afterEach(() => {
  s3.intercept = undefined;
});
afterAll(() => s3.close());

const operations = () => s3.requests.map(({ operation }) => operation);

/** Answers the first `count` requests with a fault. */
function failFirst(count: number, fault: Fault): void {
  let left = count;
  s3.intercept = () => {
    left -= 1;
    return left >= 0 ? fault : undefined;
  };
}

describe.each([
  { over: "the SDK", client: "client", reads: 3 },
  { over: "the slim client", client: "slim", reads: 5 },
] as const)("a bucket over $over", ({ client, reads }) => {
  const store = () => s3Store(s3[client], "data");

  describe("what is sent", () => {
    test.each([
      ["a/x.csv", "text/csv; charset=utf-8"],
      ["runs/manifest.json", "application/json"],
      ["index.html", "text/html; charset=utf-8"],
      ["grids/x/anomaly/0.0", "application/octet-stream"],
      ["grids/x/.zattrs", "application/octet-stream"],
    ])("%s is of type %s", async (key, type) => {
      await store().put(key, "x");
      await store().putIfAbsent(`once/${key}`, "x");
      for (const Key of [key, `once/${key}`]) {
        expect(s3.store.headObject("data", Key).contentType).toBe(type);
      }
    });

    test("a write carries its CRC32, and a body that does not fit the stored one is refused", async () => {
      await store().put("a.csv", "hello");
      expect(s3.requests[0]?.headers).toMatchObject({ "x-amz-checksum-crc32": "NhCmhg==" });
      s3.store.putObject(
        "data",
        "a.csv",
        Buffer.from("hellO"),
        "text/csv",
        {},
        {},
        {
          algorithm: "CRC32",
          value: "NhCmhg==",
          type: "FULL_OBJECT",
        },
      );
      await expect(store().get("a.csv")).rejects.toThrow(/checksum/i);
    });
  });

  test("a listing of more than one page is whole and in order", async () => {
    const keys = Array.from(
      { length: 1005 },
      (_, i) => `series/${String(i).padStart(4, "0")}_${i % 2 ? "a" : "B"}.csv`,
    );
    for (const key of keys.toReversed())
      s3.store.putObject("data", key, Buffer.from(key.slice(0, (key.length % 5) + 1)));
    s3.store.putObject("data", "other", Buffer.from("x"));
    expect((await Array.fromAsync(store().list("series/"))).map(({ key }) => key)).toEqual(keys);
    expect(operations()).toEqual(["ListObjectsV2", "ListObjectsV2"]);
  });

  describe("put if absent", () => {
    test("an object that is there is left alone, and nobody is alarmed", async () => {
      await store().put("claim.json", "first");
      expect(await store().putIfAbsent("claim.json", "second")).toBe(false);
      expect(new TextDecoder().decode((await store().get("claim.json"))!.body)).toBe("first");
      expect(s3.requests.map(({ headers }) => headers["if-none-match"])).toEqual([undefined, "*", undefined]);
    });

    test("a conflict that the other writer wins is false", async () => {
      failFirst(1, { status: 409, code: "ConditionalRequestConflict" });
      s3.store.putObject("data", "claim.json", Buffer.from("theirs"));
      expect(await store().putIfAbsent("claim.json", "ours")).toBe(false);
      expect(operations()).toEqual(["PutObject", "PutObject"]);
    });
  });

  test("an absence is believed when two answers agree, and not where S3 contradicts itself", async () => {
    s3.store.putObject("data", "products.json", Buffer.from("there"));
    const absent: Fault = { status: 404, code: "NoSuchKey" };
    failFirst(1, absent);
    expect(new TextDecoder().decode((await store().get("products.json"))!.body)).toBe("there");
    expect(operations()).toEqual(["GetObject", "HeadObject", "GetObject"]);
    s3.intercept = ({ operation }) => (operation === "GetObject" ? absent : undefined);
    await expect(getJson(store(), "products.json")).rejects.toThrow("s3://data/products.json: is there, says S3");
  });

  describe("refusals", () => {
    const denied: Fault = { status: 403, code: "AccessDenied" };

    test("access that is denied names the object, the permission and what S3 said", async () => {
      s3.intercept = () => denied;
      await expect(store().get("products.json")).rejects.toMatchObject({
        tag: "NoAccess",
        message:
          "s3://data/products.json: S3 refused s3:GetObject: AccessDenied by the test. Allow s3:GetObject on the " +
          "bucket's objects, and s3:ListBucket on the bucket: without it S3 says the same of a key that does not exist",
      });
      const write = { tag: "NoAccess", message: /^s3:\/\/data\/a: .*s3:PutObject.*Allow s3:PutObject/ };
      await expect(store().put("a", "")).rejects.toMatchObject(write);
      await expect(store().putIfAbsent("a", "")).rejects.toMatchObject(write);
      await expect(s3File(s3[client], "data", "a", tmpdir()).etag()).rejects.toMatchObject({
        tag: "NoAccess",
        message: /^s3:\/\/data\/a: S3 refused s3:GetObject: access is denied. Allow s3:GetObject/,
      });
      await expect(Array.fromAsync(store().list("a/"))).rejects.toMatchObject({
        tag: "NoAccess",
        message: /^s3:\/\/data\/a\/: .*Allow s3:ListBucket/,
      });
    });

    test("denied is not absent", async () => {
      s3.intercept = () => denied;
      await expect(getJson(store(), "latest.json")).rejects.toMatchObject({ tag: "NoAccess" });
    });

    test("a bucket that does not exist is named", async () => {
      const nowhere = s3Store(s3[client], "nowhere");
      const error = {
        tag: "NoAccess",
        message: "s3://nowhere: there is no such bucket. Check the bucket's name and account",
      };
      await expect(nowhere.get("a")).rejects.toMatchObject(error);
      await expect(nowhere.put("a", "x")).rejects.toMatchObject(error);
      await expect(nowhere.put("a", new Uint8Array(9 * MIB))).rejects.toMatchObject(error);
      await expect(Array.fromAsync(nowhere.list(""))).rejects.toMatchObject(error);
    });

    test("a bucket of another region is a setting to mend", async () => {
      s3.intercept = () => ({ status: 301, code: "PermanentRedirect" });
      await expect(store().get("a")).rejects.toMatchObject({ tag: "NoAccess", message: /Set AWS_REGION/ });
    });
  });

  describe("faults that pass", () => {
    test.each([
      { status: 500, code: "InternalError" },
      { status: 503, code: "SlowDown" },
    ])("an answer of $status is tried again", async (fault) => {
      failFirst(1, fault);
      await store().put("a", "written");
      failFirst(1, fault);
      expect(new TextDecoder().decode((await store().get("a"))!.body)).toBe("written");
      expect(operations()).toEqual(["PutObject", "PutObject", "GetObject", "GetObject"]);
    });

    test("a connection that breaks in the middle of a body is tried again, a few times", async () => {
      s3.store.putObject("data", "a", Buffer.from("whole"));
      failFirst(2, "cut");
      expect(new TextDecoder().decode((await store().get("a"))!.body)).toBe("whole");
      expect(operations()).toEqual(["GetObject", "GetObject", "GetObject"]);
      s3.intercept = () => "cut";
      await expect(store().get("a")).rejects.toThrow(/^s3:\/\/data\/a: (aborted|ECONNRESET)/);
      expect(s3.requests).toHaveLength(3 + reads);
    });

    test.each(["reset", "truncated", "checksum", "flipped", "stall", "stallBody"] as const)(
      "a read that meets %j is tried again",
      async (fault) => {
        await store().put("b", "whole");
        failFirst(1, fault);
        expect(new TextDecoder().decode((await store().get("b"))!.body)).toBe("whole");
        expect(operations()).toEqual(["PutObject", "GetObject", "GetObject"]);
      },
    );

    test.each(["reset", "lost", "stall", "late"] as const)("a write that meets %j is tried again", async (fault) => {
      failFirst(1, fault);
      await store().put("a", "written");
      s3.intercept = undefined;
      expect(new TextDecoder().decode((await store().get("a"))!.body)).toBe("written");
      expect(operations()).toEqual(["PutObject", "PutObject", "GetObject"]);
    });

    test("what does not pass is thrown as it is, in the end", async () => {
      s3.intercept = () => ({ status: 400, code: "InvalidDigest" });
      await expect(store().put("a", "x")).rejects.toMatchObject({ cause: { name: "InvalidDigest" } });
    });
  });
});

describe("over the SDK alone", () => {
  const overTheSdk = () => s3Store(s3.client, "data");

  test("up to 8 MiB are one request, more are parts of 8 MiB", async () => {
    await overTheSdk().put("small.bin", new Uint8Array(8 * MIB));
    expect(operations()).toEqual(["PutObject"]);
    s3.requests.length = 0;

    const bytes = new Uint8Array(randomBytes(20 * MIB));
    await overTheSdk().put("big.csv", bytes);
    expect(operations().toSorted()).toEqual([
      "CompleteMultipartUpload",
      "CreateMultipartUpload",
      "UploadPart",
      "UploadPart",
      "UploadPart",
    ]);
    const sizes = s3.requests.flatMap(({ operation, headers }) =>
      operation === "UploadPart" ? [Number(headers["content-length"])] : [],
    );
    expect(sizes.toSorted((a, b) => a - b)).toEqual([4 * MIB, 8 * MIB, 8 * MIB]);
    expect(Buffer.compare((await overTheSdk().get("big.csv"))!.body, bytes)).toBe(0);
    expect(s3.store.headObject("data", "big.csv").contentType).toBe("text/csv; charset=utf-8");
  });

  test("an upload that fails is given up, and leaves no object and no parts", async () => {
    s3.intercept = ({ operation, headers }) =>
      operation === "UploadPart" && headers["content-length"] === String(MIB)
        ? { status: 403, code: "AccessDenied" }
        : undefined;
    await expect(overTheSdk().put("big.bin", new Uint8Array(9 * MIB))).rejects.toMatchObject({ tag: "NoAccess" });
    expect(operations().at(-1)).toBe("AbortMultipartUpload");
    // A bucket with parts in it cannot be deleted.
    expect(objects(s3, "data")).toEqual(new Map());
    s3.store.deleteBucket("data");
    bucket(s3, "data");
  });

  test("a conflict with another writer is tried again, a few times", async () => {
    const conflict = new S3ServiceException({
      name: "ConditionalRequestConflict",
      message: "At the same time",
      $fault: "client",
      $metadata: { httpStatusCode: 409 },
    });
    const client = new S3Client({});
    const mock = mockClient(client);
    mock.on(PutObjectCommand).rejectsOnce(conflict).rejectsOnce(conflict).resolves({});
    expect(await s3Store(overSdk(client), "data").putIfAbsent("claim.json", "x")).toBe(true);
    expect(mock.commandCalls(PutObjectCommand)).toHaveLength(3);

    mock.reset();
    mock.on(PutObjectCommand).rejects(conflict);
    await expect(s3Store(overSdk(client), "data").putIfAbsent("claim.json", "x")).rejects.toMatchObject({
      cause: conflict,
    });
    expect(mock.commandCalls(PutObjectCommand)).toHaveLength(5);
  });
});
