import type { SingleBar } from "cli-progress";

/** Shows how far a run is. */
export interface Progress {
  /** Begins a stage; ends the one before. */
  stage(name: string): void;
  /** Part of the stage that is done, 0 to 1. */
  part(done: number): void;
  stop(): void;
}

/** Nothing at all. */
export const silent: Progress = { stage() {}, part() {}, stop() {} };

/** A bar for each stage on a terminal; otherwise plain lines, at most one every two seconds and stage. */
export async function progressOn(stream: NodeJS.WriteStream): Promise<Progress> {
  return stream.isTTY ? bars(stream) : lines(stream);
}

async function bars(stream: NodeJS.WriteStream): Promise<Progress> {
  const { Presets, SingleBar } = await import("cli-progress");
  let bar: SingleBar | undefined;
  const stop = () => {
    bar?.stop();
    bar = undefined;
  };
  return {
    stage(name) {
      bar?.update(1);
      stop();
      bar = new SingleBar(
        { stream, format: `${name.padEnd(8)} {bar} {percentage}% {duration_formatted}`, hideCursor: true },
        Presets.shades_classic,
      );
      bar.start(1, 0);
    },
    part: (done) => bar?.update(done),
    stop,
  };
}

const LINE_SECONDS = 2;

function lines(stream: NodeJS.WriteStream): Progress {
  let current = "";
  let written = 0;
  return {
    stage(name) {
      current = name;
      written = performance.now();
      stream.write(`${name} …\n`);
    },
    part(done) {
      if (performance.now() - written < LINE_SECONDS * 1000) return;
      written = performance.now();
      stream.write(`${current} ${Math.floor(done * 100)} %\n`);
    },
    stop() {},
  };
}
