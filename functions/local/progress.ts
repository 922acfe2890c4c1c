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

/** Of the name of a stage, of which that of a process that is waited for can be long. */
const LONGEST = 20;

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
      const title = name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name.padEnd(8);
      // Beside the bar: the title, three blanks, 100% and a time such as 12m34s, and no letter in the last column.
      const barsize = Math.max(1, Math.min(40, (stream.columns || 80) - title.length - 15));
      bar = new SingleBar(
        { stream, format: `${title} {bar} {percentage}% {duration_formatted}`, hideCursor: true, barsize },
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
