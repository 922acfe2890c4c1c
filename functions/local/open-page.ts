import { spawn } from "node:child_process";

/** What opens a file with the program that its user chose for it. */
const OPENERS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ["open"],
  linux: ["xdg-open"],
  // `start` takes its first quoted word for a window's title.
  win32: ["cmd", "/c", "start", ""],
};

/** Whether somebody sits at a screen of this machine. */
export function isDesktop(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform, terminal: boolean): boolean {
  if (!terminal || environment["SSH_CONNECTION"] !== undefined || environment["CI"] !== undefined) return false;
  if (platform !== "linux") return OPENERS[platform] !== undefined;
  return environment["DISPLAY"] !== undefined || environment["WAYLAND_DISPLAY"] !== undefined;
}

/** Opens a page in the browser, which goes on when this process ends. Where nothing opens it, its path was printed. */
export function openPage(path: string): void {
  const [program = "", ...args] = OPENERS[process.platform] ?? [];
  spawn(program, [...args, path], { detached: true, stdio: "ignore" })
    .on("error", () => {})
    .unref();
}
