import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { S3Client } from "@aws-sdk/client-s3";
import { SignatureV4 } from "@smithy/signature-v4";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { s3Store } from "../../lib/store/s3.ts";
import { backoff } from "../../lib/store/s3-slim/backoff.ts";
import { slimClient } from "../../lib/store/s3-slim/client.ts";
import { type HostSettings, hostOf } from "../../lib/store/s3-slim/host.ts";
import { encoded, queryText, signed, type Unsigned } from "../../lib/store/s3-slim/sign.ts";
import { textOf } from "../../lib/store/s3-slim/xml.ts";
import { bucket, type S3Server, startS3 } from "../support/s3-server.ts";

const NOTHING = new Uint8Array();

describe("a signature", () => {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html has these requests, keys and signatures.
  const by = {
    region: "us-east-1",
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    sessionToken: undefined,
  };
  const host = "examplebucket.s3.amazonaws.com";
  const now = new Date("2013-05-24T00:00:00Z");

  test.each<[string, Unsigned, string]>([
    [
      "a range",
      { method: "GET", path: "/test.txt", query: {}, headers: { host, range: "bytes=0-9" }, body: NOTHING },
      "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    ],
    [
      "a write",
      {
        method: "PUT",
        path: "/test%24file.text",
        query: {},
        headers: { host, date: "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY" },
        body: new TextEncoder().encode("Welcome to Amazon S3."),
      },
      "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    ],
    [
      "a listing",
      { method: "GET", path: "/", query: { "max-keys": "2", prefix: "J" }, headers: { host }, body: NOTHING },
      "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    ],
  ])("of %s is that of AWS's documentation", (_, request, signature) => {
    expect(signed(request, by, now)["authorization"]).toMatch(new RegExp(`, Signature=${signature}$`));
  });

  test.each(["a b/c+d.csv", "q?=&%20#.json", "系列/北京 'x' (1)*!.csv", "a//b/./c~_-"])(
    "of a role for %s is the SDK's",
    async (key) => {
      const path = `/${key.split("/").map(encoded).join("/")}`;
      const query = { prefix: key, "list-type": "2", "continuation-token": "a/b+c==" };
      const request = { method: "GET", path, query, headers: { host, "x-amz-meta": "a" }, body: NOTHING };
      const role = { ...by, sessionToken: "of the role" };
      const signer = new SignatureV4({
        service: "s3",
        region: role.region,
        credentials: role,
        sha256: new S3Client({}).config.sha256,
        uriEscapePath: false,
      });
      const sdks = await signer.sign({ ...request, protocol: "https:", hostname: host }, { signingDate: now });
      expect(signed(request, role, now)).toEqual(sdks.headers);
      expect(queryText(query)).toMatch(/^continuation-token=a%2Fb%2Bc%3D%3D&list-type=2&prefix=/);
    },
  );
});

describe("the host of a bucket is the one that the SDK finds", () => {
  const NAMES = ["output-bucket", "bucket.with.dots"];
  const sdk = new S3Client({ region: "us-east-1" });

  function ours(name: string, settings: HostSettings): string {
    const { protocol, hostname, port, base } = hostOf(name, settings);
    return new URL(`${protocol}//${hostname}:${port}${base}`).href.replace(/\/$/, "");
  }

  function sdks(name: string, { region, endpoint, forcePathStyle }: HostSettings): string {
    const asked = { Region: region, Bucket: name, Endpoint: endpoint, ForcePathStyle: forcePathStyle };
    return sdk.config.endpointProvider(asked).url.href.replace(/\/$/, "");
  }

  test.each([
    "us-east-1",
    "eu-central-1",
    "us-gov-west-1",
    "cn-north-1",
    "eusc-de-east-1",
    "us-iso-east-1",
    "us-isob-east-1",
    "eu-isoe-west-1",
    "us-isof-south-1",
  ])("in %s", (region) => {
    for (const name of NAMES) {
      for (const forcePathStyle of [true, false]) {
        expect(ours(name, { region, forcePathStyle })).toBe(sdks(name, { region, forcePathStyle }));
      }
    }
  });

  test.each(["http://127.0.0.1:9000", "http://localhost:9000", "https://s3.example.com/below"])("of %s", (endpoint) => {
    const settings = { region: "us-east-1", endpoint };
    for (const name of NAMES) {
      expect(ours(name, { ...settings, forcePathStyle: true })).toBe(sdks(name, { ...settings, forcePathStyle: true }));
    }
    expect(ours("output-bucket", settings)).toBe(sdks("output-bucket", settings));
  });
});

test("texts of an answer are read with their entities", () => {
  expect(textOf("<A><Key>a&amp;b&lt;c&gt;&quot;&apos;&#38;&#x5317;&nbsp;</Key></A>", "Key")).toBe("a&b<c>\"'&北&nbsp;");
  expect(textOf("<A></A>", "Key")).toBeUndefined();
});

test("a wait doubles with every attempt, within its bounds, and is longer where S3 asks for patience", () => {
  vi.spyOn(Math, "random").mockReturnValue(1);
  expect([1, 2, 3, 4].map((attempt) => backoff(attempt, false))).toEqual([50, 100, 200, 400]);
  expect([1, 2, 3, 4].map((attempt) => backoff(attempt, true))).toEqual([1000, 2000, 4000, 8000]);
  expect(backoff(20, false)).toBe(20_000);
  vi.mocked(Math.random).mockReturnValue(0);
  expect(backoff(4, true)).toBe(0);
});

describe("over the slim client", () => {
  let s3: S3Server;
  beforeAll(async () => {
    s3 = await startS3();
    bucket(s3, "data");
  });
  afterEach(() => {
    s3.intercept = undefined;
    s3.requests.length = 0;
    vi.unstubAllEnvs();
  });
  afterAll(() => s3.close());

  const store = () => s3Store(slimClient({ forcePathStyle: true }), "data");

  test("an object of any size is one request, as the worker may not make parts", async () => {
    await store().put("large", new Uint8Array(10 * 2 ** 20));
    expect(s3.requests.map(({ operation }) => operation)).toEqual(["PutObject"]);
    expect((await store().get("large"))!.body).toHaveLength(10 * 2 ** 20);
  });

  test("requests in turn share a connection", async () => {
    const sockets = new Set<unknown>();
    const count = (message: unknown) => void sockets.add((message as { socket: unknown }).socket);
    subscribe("net.client.socket", count);
    const one = store();
    for (let i = 0; i < 5; i++) await one.put(`turn/${i}`, "x");
    for (let i = 0; i < 5; i++) await one.get(`turn/${i}`);
    unsubscribe("net.client.socket", count);
    expect(sockets.size).toBe(1);
  });

  test("the keys of a role are sent with its token", async () => {
    vi.stubEnv("AWS_SESSION_TOKEN", "of the role");
    await store().put("a", "x");
    expect(s3.requests[0]!.headers).toMatchObject({
      "x-amz-security-token": "of the role",
      authorization: expect.stringContaining("x-amz-security-token") as string,
    });
  });

  test.each([
    ["AWS_REGION", "", /Set AWS_REGION/],
    ["AWS_ACCESS_KEY_ID", "", /AWS_ACCESS_KEY_ID/],
    ["AWS_ENDPOINT_URL", "nowhere", /Set AWS_ENDPOINT_URL/],
  ])("%s as %j is a setting to mend", async (name, value, message) => {
    vi.stubEnv(name, value);
    await expect(store().get("a")).rejects.toMatchObject({ tag: "NoAccess", message });
  });

  test("a listing that breaks off hides nothing", async () => {
    await store().put("listed", "x");
    s3.intercept = ({ operation }) => (operation === "ListObjectsV2" ? "truncated" : undefined);
    await expect(Array.fromAsync(store().list(""))).rejects.toThrow("s3://data/: S3's listing breaks off");
  });
});
