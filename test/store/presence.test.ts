import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { folderStore } from "../../lib/store/folder.ts";
import { growingName, LEFT_MS, sweepFolder } from "../../lib/store/growing.ts";
import { folderPresence, machinePresence } from "../../lib/store/presence.ts";
import { temporaryFolder } from "../support/folder.ts";

const PRESENT = fileURLToPath(new URL("../support/present-process.ts", import.meta.url));
const OLD = new Date(Date.now() - 2 * LEFT_MS);

afterEach(() => void vi.useRealTimers());

/** A process that is at work in the folder, by what it is started with; and what claims call it. */
async function another(root: string, command: string[] = []) {
  const [program, ...args] = [...command, process.execPath, PRESENT, root];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [owner] = (await once(createInterface(child.stdout), "line")) as [string];
  return { owner, child, file: join(root, ".growing", owner.split(":")[1]!) };
}

describe("in a folder", () => {
  test("a process is at work until it ends or is killed", async () => {
    const root = temporaryFolder();
    using own = folderPresence(root);
    const other = await another(root);
    expect([own.isAtWork(own.owner), own.isAtWork(other.owner)]).toEqual([true, true]);
    sweepFolder(root);
    expect([own.isAtWork(own.owner), own.isAtWork(other.owner)]).toEqual([true, true]);
    other.child.kill("SIGKILL");
    await once(other.child, "exit");
    expect(own.isAtWork(other.owner)).toBe(false);
    const later = folderPresence(root);
    expect(own.isAtWork(later.owner)).toBe(true);
    later[Symbol.dispose]();
    expect(own.isAtWork(later.owner)).toBe(false);
  });

  test("a process of another machine is at work as long as its file is renewed", () => {
    const root = temporaryFolder();
    using own = folderPresence(root);
    const file = join(root, ".growing", "another-machine.1.a");
    const isAtWork = () => own.isAtWork("its-host:another-machine.1.a");
    expect(isAtWork()).toBe(false);
    writeFileSync(file, "");
    expect(isAtWork()).toBe(true);
    utimesSync(file, OLD, OLD);
    expect(isAtWork()).toBe(false);
  });

  test("another process that has the id of one that has ended is not taken for it", () => {
    const root = temporaryFolder();
    using own = folderPresence(root);
    const name = growingName();
    expect(own.isAtWork(`host:${name}`)).toBe(false);
    const file = join(root, ".growing", name);
    writeFileSync(file, "");
    utimesSync(file, OLD, OLD);
    expect(own.isAtWork(`host:${name}`)).toBe(false);
  });

  test.each([
    "arn:aws:lambda:eu-central-1:1:function:f:$LATEST/durable-execution/a/b",
    "",
    "host:",
    "host:..",
    "old:1:a",
  ])("%j is nobody who is at work there", (owner) => {
    using own = folderPresence(temporaryFolder());
    expect(own.isAtWork(owner)).toBe(false);
  });

  test("the file is renewed, also where it was swept away", () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const root = temporaryFolder();
    using own = folderPresence(root);
    const file = join(root, ".growing", own.owner.split(":")[1]!);
    utimesSync(file, OLD, OLD);
    vi.advanceTimersByTime(LEFT_MS / 3);
    expect(statSync(file).mtimeMs).toBeGreaterThan(OLD.getTime() + LEFT_MS);
    rmSync(join(root, ".growing"), { recursive: true });
    vi.advanceTimersByTime(LEFT_MS / 3);
    expect(own.isAtWork(own.owner)).toBe(true);
  });

  test("nothing is left of a presence, and of a folder that was there before nothing is removed", async () => {
    const root = temporaryFolder();
    const [made, kept, used] = ["made", "kept", "used"].map((name) => join(root, name)) as [string, string, string];
    mkdirSync(kept);
    for (const folder of [made, kept]) folderPresence(folder)[Symbol.dispose]();
    {
      using _ = folderPresence(used);
      await folderStore(used).put("a", "");
    }
    expect([existsSync(made), readdirSync(kept), readdirSync(used)]).toEqual([false, [], ["a"]]);
  });

  test("a process of another PID namespace is at work as long as its file is renewed", async ({ skip }) => {
    const apart = ["unshare", "--pid", "--fork", "--kill-child"];
    const { status } = spawnSync(apart[0]!, [...apart.slice(1), "true"]);
    skip(status !== 0, "this system does not allow a PID namespace of one's own");
    const root = temporaryFolder();
    const other = await another(root, apart);
    using own = folderPresence(root);
    // Its id is that of another process here, or of none.
    expect(other.owner).toMatch(/\.[1-9]\.[^.]*$/);
    expect(own.isAtWork(other.owner)).toBe(true);
    sweepFolder(root);
    expect(own.isAtWork(other.owner)).toBe(true);
    other.child.kill("SIGKILL");
    await once(other.child, "exit");
    utimesSync(other.file, OLD, OLD);
    expect(own.isAtWork(other.owner)).toBe(false);
  });
});

test("without a folder, processes of this machine are seen, and no others", () => {
  const own = machinePresence();
  const { pid } = spawnSync(process.execPath, ["--version"]);
  const dead = own.owner.replace(`.${process.pid}.`, `.${pid}.`);
  const elsewhere = "host:another-machine.1.a";
  expect([own.owner, dead, elsewhere].map((owner) => own.isAtWork(owner))).toEqual([true, false, false]);
  expect([own.owner, dead, elsewhere].map((owner) => own.sees(owner))).toEqual([true, true, false]);
});
