import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { s3File } from "../../lib/store/s3-file.ts";
import { overSdk } from "../../lib/store/s3-sdk.ts";
import { temporaryFolder } from "../support/folder.ts";
import { bucket, type RecordedRequest, type S3Server, startS3 } from "../support/s3-server.ts";

const MIB = 2 ** 20;

let s3: S3Server;
beforeAll(async () => {
  s3 = await startS3();
  bucket(s3, "input");
});
beforeEach(() => {
  s3.requests.length = 0;
});
afterEach(() => {
  s3.intercept = undefined;
});
afterAll(() => s3.close());

function upload(key: string, bytes: Uint8Array | string): string {
  return s3.store.putObject("input", key, Buffer.from(bytes)).etag.replaceAll('"', "");
}

const gets = () => s3.requests.filter(({ operation }) => operation === "GetObject");
const isRange = (start: number) => (r: RecordedRequest) => r.headers.range?.startsWith(`bytes=${start}-`) === true;

test("an object is downloaded once, in ranges of one etag, and equals its bytes", async () => {
  const bytes = randomBytes(20 * MIB + 3);
  const etag = upload("observations/precip 1.nc", bytes);
  const folder = temporaryFolder();
  const file = s3File(s3.client, "input", "observations/precip 1.nc", folder);
  expect(file.key).toBe("observations/precip 1.nc");
  expect(await file.etag()).toBe(etag);
  expect(gets()).toEqual([]);

  const [path, again] = await Promise.all([file.path(), file.path()]);
  expect(again).toBe(path);
  expect(await file.path()).toBe(path);
  expect(dirname(path)).toBe(folder);
  expect(path).toMatch(/\.nc$/);
  expect(Buffer.compare(readFileSync(path), bytes)).toBe(0);
  const asked = gets().map(({ headers }) => `${headers.range} if ${headers["if-match"]}`);
  expect(asked.toSorted()).toEqual([
    `bytes=0-8388607 if "${etag}"`,
    `bytes=16777216-${20 * MIB + 2} if "${etag}"`,
    `bytes=8388608-16777215 if "${etag}"`,
  ]);
  expect(s3.requests.filter(({ operation }) => operation === "HeadObject")).toHaveLength(1);
});

test("files of one name do not meet, and an extension that is none is left out", async () => {
  upload("a/stations.xls", "a");
  upload("b/stations.xls", "b");
  upload(`c/x.${"y".repeat(300)}`, "c");
  const folder = temporaryFolder();
  const paths = await Promise.all(
    ["a/stations.xls", "b/stations.xls", `c/x.${"y".repeat(300)}`].map((key) =>
      s3File(s3.client, "input", key, folder).path(),
    ),
  );
  expect(paths.map((path) => readFileSync(path, "utf8"))).toEqual(["a", "b", "c"]);
  expect(paths.map((path) => basename(path).slice(36))).toEqual([".xls", ".xls", ""]);
});

test("an object that is replaced during the read is told, and leaves no file", async () => {
  upload("f.nc", randomBytes(10 * MIB));
  const folder = temporaryFolder();
  s3.intercept = (request) => {
    if (isRange(8 * MIB)(request)) upload("f.nc", randomBytes(10 * MIB));
    return undefined;
  };
  await expect(s3File(s3.client, "input", "f.nc", folder).path()).rejects.toMatchObject({
    tag: "InputChanged",
    message: "s3://input/f.nc: was replaced while it was read. Start the run again",
  });
  expect(readdirSync(folder)).toEqual([]);
});

test("an object that is replaced between its etag and its read is told, too", async () => {
  upload("f.nc", "one");
  const file = s3File(s3.client, "input", "f.nc", temporaryFolder());
  await file.etag();
  upload("f.nc", "two");
  await expect(file.path()).rejects.toMatchObject({ tag: "InputChanged" });
});

test("a failed download leaves no file and may be tried again", async () => {
  const bytes = randomBytes(9 * MIB);
  upload("f.nc", bytes);
  const folder = temporaryFolder();
  const file = s3File(s3.client, "input", "f.nc", folder);
  s3.intercept = (request) => (isRange(8 * MIB)(request) ? { status: 403, code: "AccessDenied" } : undefined);
  await expect(file.path()).rejects.toMatchObject({ tag: "NoAccess", message: /AccessDenied/ });
  expect(readdirSync(folder)).toEqual([]);
  s3.intercept = undefined;
  expect(Buffer.compare(readFileSync(await file.path()), bytes)).toBe(0);
});

test("what is no file to read is told before anything is read", async () => {
  upload("empty.nc", "");
  upload("folder/", "");
  const folder = temporaryFolder();
  const problems: [key: string, tag: string, message: RegExp][] = [
    ["no.nc", "FileNotFound", /^s3:\/\/input\/no\.nc: there is no such object$/],
    ["empty.nc", "EmptyFile", /^s3:\/\/input\/empty\.nc: has no bytes/],
    ["folder/", "BadName", /^s3:\/\/input\/folder\/: is a folder/],
  ];
  for (const [key, tag, message] of problems) {
    const file = s3File(s3.client, "input", key, folder);
    await expect(file.etag()).rejects.toMatchObject({ tag, message });
    await expect(file.path()).rejects.toMatchObject({ tag, message });
  }
  // One that is missing is asked for by its bytes too, as that tells whether there is the bucket.
  expect(gets().filter(({ key }) => key !== "no.nc")).toEqual([]);
  const late = s3File(s3.client, "input", "late.nc", folder);
  await expect(late.etag()).rejects.toMatchObject({ tag: "FileNotFound" });
  const lost = s3File(s3.client, "no-such-bucket", "late.nc", folder);
  await expect(lost.etag()).rejects.toMatchObject({ tag: "NoAccess", message: /no such bucket/ });
  const etag = upload("late.nc", "here now");
  expect(await late.etag()).toBe(etag);
});

test("an object that does not fit on the disk is told before it fills it", async () => {
  const client = new S3Client({});
  mockClient(client)
    .on(HeadObjectCommand)
    .resolves({ ContentLength: 2 ** 52, ETag: '"e"' });
  const folder = temporaryFolder();
  await expect(s3File(overSdk(client), "input", "huge.nc", folder).path()).rejects.toMatchObject({
    tag: "TooLarge",
    message: /^s3:\/\/input\/huge\.nc: 4503599627370496 bytes do not fit into .*ephemeral storage, or .* TMPDIR$/,
  });
  expect(readdirSync(folder)).toEqual([]);
});
