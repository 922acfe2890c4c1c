import { expect, test } from "vitest";
import { isInputError, s3Store } from "../../../functions/api/index.ts";
import { bucket, objects, startS3 } from "../../support/s3-server.ts";

test("a bucket of a named server is a store", async () => {
  const s3 = await startS3();
  const name = bucket(s3, "results");
  // Not from the environment: the caller says where it is.
  delete process.env["AWS_ENDPOINT_URL"];
  const settings = { endpoint: s3.endpoint, region: "eu-central-1", forcePathStyle: true };
  const store = await s3Store(name, settings);
  await store.put("prec/latest.json", "{}");
  expect(new TextDecoder().decode((await store.get("prec/latest.json"))?.body)).toBe("{}");
  expect((await Array.fromAsync(store.list("prec/"))).map(({ key }) => key)).toEqual(["prec/latest.json"]);
  expect([...objects(s3, name).keys()]).toEqual(["prec/latest.json"]);
  expect(s3.requests[0]?.headers.authorization).toContain("/eu-central-1/s3/");
  const other = await s3Store("no-such-bucket", settings);
  const error = await other.put("a", "b").catch((caught: unknown) => caught);
  expect(isInputError(error, "NoAccess")).toBe(true);
  await s3.close();
});
