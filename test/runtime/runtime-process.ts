import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { HANGS_MS } from "../support/guard.ts";
import { type Answer, type RuntimeApi, startRuntimeApi } from "./runtime-api.ts";

/** How a process ended: its exit code, or the signal that ended it. */
export interface Ended {
  readonly ended: number | NodeJS.Signals;
}

/** Where a function runs on Lambda: a process of its own, with the Runtime API that it is served by. */
export interface Sandbox {
  readonly api: RuntimeApi;
  /** The end of the process, also where nobody asked for it. */
  readonly ended: Promise<Ended>;
  /** What the process has printed so far. */
  output(): string;
  signal(name: NodeJS.Signals): void;
  /**
   * Has an event done, from when the process asks for one, and tells it that it has so much time. A process that Lambda
   * would kill when that is over is to be killed by the test.
   */
  invoke(event: unknown, milliseconds?: number): Promise<Answer | Ended>;
}

/** AWS's runtime interface client, which install.ts has built. */
const CLIENT = fileURLToPath(new URL("node_modules/aws-lambda-ric/index.mjs", import.meta.url));

/**
 * Starts AWS's runtime interface client with a bundle; it ends with the test.
 *
 * @param folder - of the bundle, whose `index.mjs` exports `handler`
 * @param settings - the function's environment, beside what Lambda sets
 */
export async function startSandbox(folder: string, settings: Readonly<Record<string, string>>): Promise<Sandbox> {
  if (!existsSync(CLIENT)) throw new Error("AWS's runtime client is not installed: npm run test:runtime installs it");
  const api = await startRuntimeApi();
  const child = spawn(process.execPath, [CLIENT], {
    cwd: folder,
    // Nothing of this process's own environment: on Lambda there is none of it.
    env: {
      _HANDLER: "index.handler",
      LAMBDA_TASK_ROOT: folder,
      AWS_LAMBDA_RUNTIME_API: api.address,
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
      AWS_LAMBDA_FUNCTION_NAME: "station-chunk",
      AWS_LAMBDA_FUNCTION_VERSION: "1",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512",
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/station-chunk",
      AWS_LAMBDA_LOG_STREAM_NAME: "test",
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      TZ: ":UTC",
      ...settings,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
    api.close();
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
  }
  const ended = once(child, "close").then(([code, signal]: (number | NodeJS.Signals | null)[]): Ended => {
    return { ended: code ?? signal ?? 0 };
  });
  return {
    api,
    ended,
    output: () => printed,
    signal: (name) => void child.kill(name),
    async invoke(event, milliseconds = HANGS_MS) {
      const handed = await Promise.race([api.hand(event, milliseconds), ended]);
      return "ended" in handed ? handed : await Promise.race([handed.answer, ended]);
    },
  };
}
