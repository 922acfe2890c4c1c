import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { serve } from "../../functions/local/serve/server.ts";
import { isInputError } from "../../lib/errors.ts";
import { PROGRAM, s2s } from "../support/command.ts";
import { filesIn, temporaryFolder } from "../support/folder.ts";

let folder: string;
let port: number;
beforeEach(async () => {
  const above = temporaryFolder();
  folder = join(above, "out");
  mkdirSync(join(folder, "runs/a b"), { recursive: true });
  mkdirSync(join(folder, ".growing"));
  const files = {
    "runs/a b/index.html": "<p>page</p>",
    "runs/a b/stations.csv": "id\n北京\n",
    "runs/a b/manifest.json": "{}",
    "runs/a b/empty.csv": "",
    "grids/g": "tile",
    "live/x.csv": "series of a product of that name",
    ".growing/secret": "half",
    "../secret": "outside",
    "../out-beside": "outside",
  };
  mkdirSync(join(folder, "grids"));
  mkdirSync(join(folder, "live"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  symlinkSync(join(above, "secret"), join(folder, "runs/link"));
  symlinkSync(above, join(folder, "runs/links"));
  symlinkSync(join(folder, "grids/g"), join(folder, "inside"));
  const served = await serve(folder, 0);
  onTestFinished(() => served.close());
  port = Number(new URL(served.url).port);
});

interface Asked {
  readonly method?: string;
  readonly host?: string;
}

/** Asks as no browser would: with the path as it is. */
function ask(path: string, { method = "GET", host }: Asked = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const headers = host === undefined ? {} : { host };
    request({ host: "127.0.0.1", port, path, method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.on("end", () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    })
      .on("error", reject)
      .end();
  });
}

describe("what is asked of s2s serve", () => {
  test.each([
    ["/runs/a%20b/index.html", "text/html; charset=utf-8", "<p>page</p>"],
    ["/runs/a%20b/", "text/html; charset=utf-8", "<p>page</p>"],
    ["/runs/a%20b/index.html?x=1#y", "text/html; charset=utf-8", "<p>page</p>"],
    ["/runs/a%20b/stations.csv", "text/csv; charset=utf-8", "id\n北京\n"],
    ["/runs/a%20b/manifest.json", "application/json", "{}"],
    ["/runs/a%20b/empty.csv", "text/csv; charset=utf-8", ""],
    ["/grids/g", "application/octet-stream", "tile"],
    ["/inside", "application/octet-stream", "tile"],
    ["/live/x.csv", "text/csv; charset=utf-8", "series of a product of that name"],
  ])("%s is shown as what it is, and kept by nobody", async (path, contentType, text) => {
    const { status, headers, text: told } = await ask(path);
    expect([status, told]).toEqual([200, text]);
    expect(headers).toMatchObject({
      "content-type": contentType,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "content-length": String(Buffer.byteLength(text)),
    });
    const head = await ask(path, { method: "HEAD" });
    expect([head.status, head.text, head.headers["content-length"]]).toEqual([200, "", headers["content-length"]]);
  });

  test.each([
    "/../secret",
    "/runs/../../secret",
    "/%2e%2e/secret",
    "/..%2fsecret",
    "/runs/..%5c..%5csecret",
    "/../out-beside",
    "//secret",
    "/runs/link",
    "/runs/links/secret",
    "/.growing/secret",
    "/runs/a%20b",
    "/runs",
    "/runs/",
    "/nothing",
    "/runs/a%20b/index.html/x",
    "/%00",
    "/%zz",
    "/%ff",
    `/${"x".repeat(5000)}`,
  ])("%s is not there", async (path) => {
    const { status, text } = await ask(path);
    expect([status, text]).toEqual([404, "there is no such page\n"]);
  });

  test("is answered under the names of this machine alone, whatever the port: others may have been turned to it", async () => {
    for (const host of ["localhost", "LOCALHOST:9000", "127.0.0.1:1"])
      expect((await ask("/", { host })).status).toBe(200);
    for (const host of ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "10.0.0.1"]) {
      for (const path of ["/", "/live", "/runs/a%20b/index.html"]) {
        expect([host, (await ask(path, { host })).status]).toEqual([host, 403]);
      }
    }
  });

  test("is to be seen, and nothing else", async () => {
    const before = filesIn(folder);
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
      const { status, headers } = await ask("/runs/a%20b/index.html", { method });
      expect([status, headers["allow"]]).toEqual([405, "GET, HEAD"]);
    }
    await ask("/");
    expect(filesIn(folder)).toEqual(before);
  });

  test("which is no HTTP does not end it", async () => {
    await new Promise((closed) => {
      connect(port, "127.0.0.1", function (this: ReturnType<typeof connect>) {
        this.end("nonsense\r\n\r\n");
      })
        .on("close", closed)
        .resume();
    });
    expect((await ask("/")).status).toBe(200);
  });
});

describe("s2s serve", () => {
  test("of a folder that is not there, or a port that is taken, says what to do", async () => {
    await expect(serve(join(folder, "no"), 0)).rejects.toThrow(
      `${join(folder, "no")}: there is no such folder. Name the folder that a run was given as --out`,
    );
    const error = await serve(folder, port).catch((thrown: unknown) => thrown);
    expect(isInputError(error, "BadOption")).toBe(true);
    expect(String(error)).toContain(
      `port ${port} is in use by another program. Give another --port, or --port 0 for any that is free`,
    );
  });

  // Elsewhere there is no such address of this machine.
  test.runIf(process.platform === "linux")("listens on 127.0.0.1 alone", async () => {
    const error = await new Promise((told) => connect(port, "127.0.0.2").on("error", told).on("connect", told));
    expect(error).toMatchObject({ code: "ECONNREFUSED" });
  });

  test("says where it is, and ends without a word when it is interrupted", async () => {
    const child = spawn(process.execPath, [PROGRAM, "serve", folder, "--port", "0"]);
    let [stdout, stderr] = ["", ""];
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.stdout.setEncoding("utf8");
    const ended = once(child, "close");
    for await (const text of child.stdout) {
      stdout += text;
      if (stdout.endsWith("\n")) break;
    }
    const [, url = ""] =
      /^(http:\/\/127\.0\.0\.1:\d+\/) shows the runs in .*, to this machine alone, until Ctrl-C\n$/.exec(stdout) ?? [];
    expect((await fetch(new URL("runs/a%20b/", url))).status).toBe(200);
    child.kill("SIGINT");
    expect([await ended, stderr]).toEqual([[130, null], ""]);
  });

  test.each([
    [["serve", "s3://bucket/x"], "s3://bucket/x: is in a bucket, which is not served from here. Serve a folder"],
    [["serve", ".", "--port", "65536"], "Give a number up to 65535, or 0 for any that is free."],
    [["serve", ".", "--port", "x"], "Give a number up to 65535, or 0 for any that is free."],
  ])("%j is a wrong use", async (args, text) => {
    const { code, stderr } = await s2s(...args);
    expect(stderr).toContain(text);
    expect(code).toBe(2);
  });
});
