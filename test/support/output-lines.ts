import { onTestFinished, vi } from "vitest";

/** Every line that this process prints until the test ends, in place of printing it. */
export function captureOutput(): readonly string[] {
  const lines: string[] = [];
  const take = (text: unknown): true => {
    lines.push(...String(text).split("\n").filter(Boolean));
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation(take),
    vi.spyOn(process.stderr, "write").mockImplementation(take),
    // The test runner's console does not end in these streams.
    ...(["debug", "error", "info", "log", "warn"] as const).map((method) =>
      vi.spyOn(console, method).mockImplementation(take),
    ),
  ];
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore();
  });
  return lines;
}
